import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Case, Colleague } from "../sdk/index";
import { CodeField, Dialog } from "../ui/dialog";
import { Select, TextField } from "../ui/fields";
import { Foreign } from "../ui/foreign";
import { codes, word } from "../ui/texts";
import { c } from "../ui/texts/case";
import { useReading } from "./reading";
import { refusal } from "./sentences";
import { quoted, statusName } from "./words";
import type { Work } from "./work";

const AT_ONCE = 8; // colleagues in sight

export type Destination = { queue: string } | { agent: string };

interface TransferDialogProps {
  work: Work;
  one: Case;
  onClose: () => void;
  onConfirm: (to: Destination, reason: string | undefined) => void;
}

/** To a colleague, who is asked and may decline, or into another queue's line. */
export function TransferDialog({ work, one, onClose, onConfirm }: TransferDialogProps): JSX.Element {
  const queue = useSignal("");
  const colleague = useSignal("");
  const reason = useSignal("");
  const isAsked = one.state === "active"; // nobody is asked to take over what rests or is being wrapped up
  return (
    <Dialog title={c.transferWhich(quoted(one))} confirm={c.transfer} onClose={onClose}
      onConfirm={() => onConfirm(colleague.value ? { agent: colleague.value } : { queue: queue.value.trim() }, reason.value.trim() || undefined)}>
      {isAsked && <Colleagues work={work} one={one} chosen={colleague} />}
      <Queues work={work} one={one} chosen={queue} isRequired={colleague.value === ""} onChoose={() => (colleague.value = "")} />
      <CodeField label={c.reasonIfAny} value={reason.value} testid="transfer-reason" onInput={(text) => (reason.value = text)} />
    </Dialog>
  );
}

function Colleagues({ work, one, chosen }: { work: Work; one: Case; chosen: Signal<string> }): JSX.Element {
  const text = useSignal("");
  const words = text.value.trim();
  const { answer, failure } = useReading(() => work.agent.findColleagues(one.case, { limit: AT_ONCE, ...(words && { text: words }) }), words);
  return (
    <fieldset class="choices colleagues">
      <legend>{c.toColleague}</legend>
      <TextField label={c.findColleague} type="search" value={text.value} testid="transfer-search" onInput={(typed) => (text.value = typed)} />
      {answer.value?.items.map((each) => (
        <label class="choice colleague" key={each.agent}>
          <input type="radio" name="colleague" value={each.agent} checked={chosen.value === each.agent} data-testid={`colleague-${each.agent}`} onChange={() => (chosen.value = each.agent)} />
          <ColleagueLine colleague={each} />
        </label>
      ))}
      {answer.value?.items.length === 0 && <p class="soft">{words ? c.nobodyByThatName : c.nobodyThere}</p>}
      {failure.value && <p class="wrong">{refusal(failure.value, work.reader)}</p>}
    </fieldset>
  );
}

function ColleagueLine({ colleague }: { colleague: Colleague }): JSX.Element {
  const { agent, name, team, label, lacks, unqualified } = colleague;
  const why = lacks ?? unqualified;
  return (
    <span>
      <Foreign text={name || agent} /> <small class="soft">{[team, statusName(label), why && word({ ...codes.fails, membership: c.notOfItsQueue }, why)].filter(Boolean).join(" · ")}</small>
    </span>
  );
}

interface QueuesProps {
  work: Work;
  one: Case;
  chosen: Signal<string>;
  isRequired: boolean;
  onChoose: () => void;
}

function Queues({ work, one, chosen, isRequired, onChoose }: QueuesProps): JSX.Element {
  // undefined: not known yet; null: cannot be had, and any name can be typed
  const names = useSignal<readonly string[] | null | undefined>(undefined);
  useEffect(() => {
    work.client.http.queues().then(
      (found) => (names.value = found.map(({ queue }) => queue)),
      () => (names.value = null),
    );
  }, []);
  function choose(queue: string): void {
    chosen.value = queue;
    if (queue) onChoose();
  }
  if (names.value === null) return <TextField label={c.toQueue} value={chosen.value} isRequired={isRequired} maxLength={64} testid="transfer-queue" onInput={choose} />;
  return (
    <Select label={c.toQueue} value={chosen.value} isRequired={isRequired} disabled={names.value === undefined} testid="transfer-queue" onChange={choose}>
      <option value="">{c.chooseQueue}</option>
      {names.value?.filter((queue) => queue !== one.queue).map((queue) => <option value={queue} key={queue}>{queue}</option>)}
    </Select>
  );
}
