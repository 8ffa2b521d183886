import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Select, TextField } from "../ui/fields";
import { plain } from "../ui/foreign";
import { Icon } from "../ui/icons";
import { MenuItem } from "../ui/menu";
import { actor } from "../ui/texts";
import { v } from "../ui/texts/views";
import { Age } from "../ui/time";
import { quoted } from "./words";
import type { Work } from "./work";

const LONGEST = 200; // of a flag's text, as the server has it

/** The agent's raised hand: up or down, and what came back. */
export function FlagButton({ work }: { work: Work }): JSX.Element {
  useEffect(() => hearAnswers(work), [work]);
  const flag = work.status.value?.flag;
  const isOff = work.link.state.value !== "connected";
  if (flag) {
    return (
      <span class="flag-up" role="status" data-testid="flag-up">
        <Icon name="flag" />
        <span class="clip"><span class="flag-word">{v.flagIsUp} · </span><Age since={flag.raised_at_ms} /></span>
        <Button kind="quiet" testid="flag-lower" disabled={isOff} onPress={() => work.attempt(work.agent.lowerFlag())}>{v.lowerFlag}</Button>
      </span>
    );
  }
  return <Button kind="quiet" class="flag-raise" testid="flag-raise" disabled={isOff} onPress={() => void (work.sheet.value = "flag")}><Icon name="flag" />{v.raiseFlag}</Button>;
}

/** The same in the menu. */
export function FlagItem({ work }: { work: Work }): JSX.Element {
  const isUp = work.status.value?.flag !== undefined;
  const press = (): void => void (isUp ? work.attempt(work.agent.lowerFlag()) : (work.sheet.value = "flag"));
  return <MenuItem testid="flag-item" disabled={work.link.state.value !== "connected"} onPress={press}>{isUp ? v.lowerFlag : v.raiseFlag}</MenuItem>;
}

/** Tell what supervisors answer; the result ends it. */
function hearAnswers(work: Work): () => void {
  return work.client.on("event", ({ type, agent, actor: by = "", text = "" }) => {
    if (type === "flag_answered" && agent === work.reader.me) work.notices.add(v.flagAnswered(plain(actor(by)), plain(text)));
  });
}

export function FlagDialog({ work, onClose }: { work: Work; onClose: () => void }): JSX.Element {
  const text = useSignal("");
  const about = useSignal(work.choice.shown.value?.case.case ?? "");
  function raise(): void {
    const said = text.value.trim();
    void work.attempt(work.agent.raiseFlag({ ...(said && { text: said }), ...(about.value && { case: about.value }) }));
  }
  return (
    <Dialog title={v.flagTitle} confirm={v.raiseFlag} onClose={onClose} onConfirm={raise}>
      <TextField label={v.flagText} rule={v.flagTextRule} value={text.value} maxLength={LONGEST} testid="flag-text" onInput={(said) => (text.value = said)} />
      {work.desk.value.length > 0 && (
        <Select label={v.flagAbout} value={about.value} testid="flag-case" onChange={(chosen) => (about.value = chosen)}>
          <option value="">{v.flagAboutNothing}</option>
          {work.desk.value.map((owned) => <option value={owned.case.case} key={owned.case.case}>{quoted(owned.case)}</option>)}
        </Select>
      )}
    </Dialog>
  );
}
