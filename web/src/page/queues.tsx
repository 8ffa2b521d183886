import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Case } from "../sdk/types";
import { standstill } from "./sentences";
import { Age, Facts, Subject } from "./text";
import type { Workplace } from "./workplace";

/** The lines this agent may take from: one shown at a time, and only that one is watched. */
export function Queues({ work }: { work: Workplace }): JSX.Element | null {
  const wanted = useSignal("");
  const pullable = useComputed(() => {
    const { agent, queues } = work.view.value;
    return queues.filter(({ queue, mode }) => mode !== "push" && agent?.queues.includes(queue)).map(({ queue }) => queue);
  });
  const shown = pullable.value.includes(wanted.value) ? wanted.value : pullable.value[0];
  useEffect(() => {
    if (shown === undefined) return;
    const line = work.agent.watchQueue(shown);
    line.on("change", () => work.draw());
    line.on("over", (failure) => {
      work.draw();
      if (failure) void work.attempt(Promise.reject(failure));
    });
    return () => void work.attempt(line.unwatch());
  }, [shown]);
  if (shown === undefined) return null;
  return (
    <section aria-labelledby="queues-title">
      <h2 id="queues-title">Queues</h2>
      <nav class="tabs" aria-label="Queues">
        {pullable.value.map((queue) => (
          <button type="button" key={queue} aria-pressed={queue === shown} data-testid="queue-tab" data-queue={queue}
            onClick={() => (wanted.value = queue)}>
            {queue}
            {queue === shown && <span class="count">{work.view.value.lines[queue]?.waiting ?? "…"}</span>}
          </button>
        ))}
      </nav>
      <Line work={work} queue={shown} />
    </section>
  );
}

function Line({ work, queue }: { work: Workplace; queue: string }): JSX.Element {
  const line = work.view.value.lines[queue];
  if (!line) return <p class="empty">This line has not been sent yet.</p>;
  const halted = standstill(line);
  if (line.waiting === 0) return <>{halted && <Halted text={halted} />}<p class="empty">Nobody is waiting in {queue}.</p></>;
  const unseen = line.waiting - line.cases.length;
  return (
    <>
      {halted && <Halted text={halted} />}
      <ol class="line">
        {line.cases.map((one) => (
          <Row work={work} one={one} key={`${one.case} ${one.baton}`} />
        ))}
      </ol>
      {unseen > 0 && <p class="hint">And {unseen} more behind them</p>}
    </>
  );
}

function Halted({ text }: { text: string }): JSX.Element {
  return <p class="hint" role="status" data-testid="queue-state">{text}</p>;
}

function Row({ work, one }: { work: Workplace; one: Case }): JSX.Element {
  const busy = useSignal(false);
  async function take(): Promise<void> {
    busy.value = true;
    if (!(await work.attempt(work.agent.take(one), one))) busy.value = false;
  }
  return (
    <li class="row" data-testid="queue-row" data-case={one.case}>
      <div>
        <Subject one={one} />
        <Facts one={one} withQueue={false} />
      </div>
      <Age work={work} since={one.requested_at_ms} />
      <button type="button" data-testid="queue-take" disabled={busy.value} onClick={take}>Take</button>
    </li>
  );
}
