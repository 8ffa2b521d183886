import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Foreign } from "../../ui/foreign";
import { formatDate, formatDuration } from "../../ui/format";
import { Failed, Loading } from "../../ui/states";
import { r } from "../../ui/texts/reports";
import { refusal } from "../act";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";

/** A case's life as the history tells it: asked for when it is opened, and anew with `revision`. */
export function LifeDetails({ id, revision }: { id: string; revision: number }): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <details class="panel life-details" data-testid="life-details" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary><h2>{r.life}</h2></summary>
      {isOpen.value && <LifeOf id={id} revision={revision} />}
    </details>
  );
}

/** The same at once. */
export function LifeOf({ id, revision }: { id: string; revision: number }): JSX.Element {
  const { supervisor } = useDashboard();
  const { answer, failure, again } = useAnswer(() => supervisor.life(id), `${id} ${revision}`);
  if (failure?.code === "NO_HISTORY") return <p class="soft">{`${r.noHistory}. ${r.noHistoryAdvice}`}</p>;
  if (failure?.code === "CASE_NOT_FOUND") return <p class="soft">{r.lifeNothing}</p>;
  if (failure) return <Failed title={r.lifeFailed} onRetry={again}>{refusal(failure)}</Failed>;
  if (!answer) return <Loading />;
  return (
    <>
      {answer.is_cut && <p class="soft">{r.lifeCut}</p>}
      <ol class="life" data-testid="life">
        {answer.moments.map(({ at_ms, after_ms, event, says }, place) => (
          <li key={place} data-event={event} data-testid="moment">
            <time dateTime={new Date(at_ms).toISOString()}>{formatDate(at_ms)}</time>
            <span><Foreign text={says} />{after_ms >= 1_000 && <small class="soft"> {r.after(formatDuration(after_ms))}</small>}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
