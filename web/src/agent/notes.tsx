import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Case } from "../sdk/index";
import { readNotes } from "../sdk/reads";
import { Button } from "../ui/button";
import { TextField } from "../ui/fields";
import { plain, plainLines } from "../ui/foreign";
import { formatDate } from "../ui/format";
import { Failed, Loading } from "../ui/states";
import { actor } from "../ui/texts";
import { c } from "../ui/texts/case";
import { useReading } from "./reading";
import { refusal } from "./sentences";
import { agentOf } from "./words";
import type { Work } from "./work";

interface NotesProps {
  work: Work;
  one: Case;
  onNote?: (text: string) => Promise<boolean>;
}

/** What was written on the case, and a place to write more. */
export function Notes({ work, one, onNote }: NotesProps): JSX.Element {
  const { answer, failure, again } = useReading(() => (one.notes > 0 ? readNotes(work.client, one.case) : Promise.resolve([])), `${one.case} ${one.notes}`);
  const text = useSignal("");
  async function add(): Promise<boolean> {
    const isAdded = text.value.trim() !== "" && (await onNote!(text.value.trim()));
    if (isAdded) text.value = "";
    return isAdded;
  }
  return (
    <div class="notes">
      {failure.value && <Failed title={c.notRead} onRetry={again}>{refusal(failure.value, work.reader)}</Failed>}
      {!answer.value && !failure.value && <Loading />}
      <ol>
        {answer.value?.map((note) => {
          const by = agentOf(note.actor);
          return (
            <li key={note.number} data-testid="note">
              <p class="soft"><bdi>{by ? plain(work.names.of(by)) : actor(note.actor)}</bdi> · <time>{formatDate(note.at_ms)}</time></p>
              <p class="lines foreign" dir="auto">{plainLines(note.text)}</p>
            </li>
          );
        })}
      </ol>
      {onNote && (
        <fieldset class="bare" disabled={work.link.state.value !== "connected"}>
          <TextField label={c.newNote} value={text.value} lines={3} maxLength={1000} testid="note-text" onInput={(written) => (text.value = written)} />
          <Button testid="note-add" onPress={add}>{c.addNote}</Button>
        </fieldset>
      )}
    </div>
  );
}
