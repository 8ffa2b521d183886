import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId } from "preact/hooks";
import type { OwnedCase } from "../sdk/owned";
import type { Case, Place } from "../sdk/types";
import { CodeDialog, CodeInput, CodeRule, Dialog } from "./dialog";
import { quoted } from "./sentences";
import { Age, Countdown, Facts, Subject } from "./text";
import type { Workplace } from "./workplace";

const RETURN_REASONS = ["need help", "wrong queue", "missing skill", "shift end"];
const PLACES: readonly (readonly [Place, string])[] = [
  ["keep", "at its age"],
  ["front", "at the front"],
  ["back", "at the back"],
];

export function Desk({ work }: { work: Workplace }): JSX.Element {
  const { desk } = work.view.value;
  return (
    <section aria-labelledby="desk-title">
      <h2 id="desk-title">My desk <span class="count">{desk.length}</span></h2>
      {work.agent.desk.map((owned) => (
        <DeskCase work={work} owned={owned} key={`${owned.case.case} ${owned.case.baton}`} />
      ))}
      {desk.length === 0 && <p class="empty">You own no cases.</p>}
    </section>
  );
}

type Question = "return" | "transfer" | null;

function DeskCase({ work, owned }: { work: Workplace; owned: OwnedCase }): JSX.Element {
  const one = owned.case;
  const busy = useSignal(false);
  const question = useSignal<Question>(null);
  const disposition = useSignal("");
  const outcome = useId();
  const wrapping = one.state === "wrapping";
  const withdrawn = wrapping && one.ends_as === "cancelled";

  async function attempt(command: () => Promise<unknown>): Promise<void> {
    busy.value = true;
    if (!(await work.attempt(command(), one))) busy.value = false;
  }
  const complete = (event: SubmitEvent): void => {
    event.preventDefault();
    void attempt(() => owned.complete(disposition.value.trim()));
  };
  // The case stays where it is, and so does this card.
  async function attemptInPlace(command: () => Promise<unknown>): Promise<void> {
    await attempt(command);
    busy.value = false;
  }
  const ask = (asked: Question) => () => (question.value = asked);

  return (
    <article class={withdrawn ? "card withdrawn" : "card"} data-testid="desk-case" data-case={one.case} data-state={one.state}>
      {one.state === "parked" && <p class="withdrawn-note">{one.wake_pending ? "Parked, wakes with your next room." : "Parked."}</p>}
      {one.target && <p class="withdrawn-note">Offered to {one.target}.</p>}
      {withdrawn && <p class="withdrawn-note">Withdrawn, finish up.</p>}
      {wrapping && <Countdown work={work} one={one} />}
      <div class="title-line">
        <h3><Subject one={one} /></h3>
        <Age work={work} since={one.requested_at_ms} />
      </div>
      <Facts one={one} />
      <form class="actions" onSubmit={complete}>
        <label class="outcome" for={outcome}>Outcome (optional) <CodeRule /></label>
        <CodeInput testid="disposition" id={outcome} value={disposition.value}
          onInput={(text) => (disposition.value = text)} />
        <button class="primary" data-testid="case-complete" disabled={busy.value}>Complete</button>
        {one.state === "active" && (
          <button type="button" data-testid="case-park" disabled={busy.value} onClick={() => void attempt(() => owned.park())}>Park</button>
        )}
        {one.state === "parked" && (
          <button type="button" data-testid="case-resume" disabled={busy.value} onClick={() => void attempt(() => owned.resume())}>Resume</button>
        )}
        {wrapping && (
          <button type="button" data-testid="case-extend" disabled={busy.value} onClick={() => void attemptInPlace(() => owned.extendWrapUp())}>More time</button>
        )}
        {one.state === "active" && (
          <button type="button" data-testid="case-wrap" disabled={busy.value} onClick={() => void attempt(() => owned.wrap(disposition.value.trim()))}>Wrap up</button>
        )}
        <button type="button" data-testid="case-return" disabled={busy.value} onClick={ask("return")}>Return</button>
        <button type="button" data-testid="case-transfer" disabled={busy.value} onClick={ask("transfer")}>Transfer</button>
      </form>
      {question.value === "return" && (
        <ReturnDialog one={one} onClose={ask(null)}
          onConfirm={(reason, place) => attempt(() => owned.return(reason, place))} />
      )}
      {question.value === "transfer" && (
        <TransferDialog work={work} one={one} onClose={ask(null)}
          onConfirm={(to) => ("agent" in to ? attemptInPlace(() => owned.transferTo(to.agent)) : attempt(() => owned.transfer(to.queue)))} />
      )}
    </article>
  );
}

interface ReturnDialogProps {
  one: Case;
  onClose: () => void;
  onConfirm: (reason: string, place: Place) => void;
}

function ReturnDialog({ one, onClose, onConfirm }: ReturnDialogProps): JSX.Element {
  const place = useSignal<Place>("keep");
  return (
    <CodeDialog title={`Return ${quoted(one)} to the queue`} confirm="Return" codes={RETURN_REASONS} onClose={onClose}
      onConfirm={(reason) => onConfirm(reason, place.value)}>
      <fieldset class="choices">
        <legend>Its place in the line</legend>
        {PLACES.map(([value, text]) => (
          <label key={value}>
            <input type="radio" name="place" value={value} data-testid={`place-${value}`} checked={place.value === value}
              onChange={() => (place.value = value)} />
            {text}
          </label>
        ))}
      </fieldset>
    </CodeDialog>
  );
}

interface TransferDialogProps {
  work: Workplace;
  one: Case;
  onClose: () => void;
  onConfirm: (to: { queue: string } | { agent: string }) => void;
}

function TransferDialog({ work, one, onClose, onConfirm }: TransferDialogProps): JSX.Element {
  const queue = useSignal("");
  const colleague = useSignal("");
  // undefined: not known yet; null: cannot be had
  const all = useSignal<string[] | null | undefined>(undefined);
  useEffect(() => void work.queueNames().then((names) => (all.value = names)), []);
  const options = (names: readonly string[]): JSX.Element[] =>
    names.filter((each) => each !== one.queue).map((each) => <option value={each} key={each}>{each}</option>);
  return (
    <Dialog title={`Transfer ${quoted(one)}`} confirm="Transfer" onClose={onClose}
      onConfirm={() => onConfirm(colleague.value ? { agent: colleague.value.trim() } : { queue: queue.value.trim() })}>
      <label>
        Queue
        {all.value === null ? (
          <>
            <input required={!colleague.value} disabled={!!colleague.value} data-testid="transfer-queue" list="transfer-queues"
              autocomplete="off" maxLength={64}
              value={queue.value} onInput={(event) => (queue.value = event.currentTarget.value)} />
            <datalist id="transfer-queues">{options(work.view.value.agent?.queues ?? [])}</datalist>
          </>
        ) : (
          <select required={!colleague.value} data-testid="transfer-queue" disabled={all.value === undefined || !!colleague.value} value={queue.value}
            onChange={(event) => (queue.value = event.currentTarget.value)}>
            <option value="">Choose a queue</option>
            {options(all.value ?? [])}
          </select>
        )}
      </label>
      {one.state === "active" && (
        <label>
          Or colleague
          <input data-testid="transfer-agent" autocomplete="off" maxLength={64} value={colleague.value}
            onInput={(event) => (colleague.value = event.currentTarget.value)} />
        </label>
      )}
    </Dialog>
  );
}
