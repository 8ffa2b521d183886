import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { CasebatonError, type EndedCase, type EndedCases } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Foreign } from "../../ui/foreign";
import { formatDate } from "../../ui/format";
import { type Column, VirtualTable } from "../../ui/grid";
import { Baton } from "../../ui/marks";
import { Empty, Failed } from "../../ui/states";
import { word } from "../../ui/texts";
import { r } from "../../ui/texts/reports";
import { refusal } from "../act";
import { useNames } from "../case/names";
import { useDashboard } from "../dashboard";
import { go } from "../route";

const MOST = 50;
const c = r.endedColumns;
const COLUMNS: readonly Column<EndedCase>[] = [
  { key: "subject", title: c.subject, width: "minmax(12rem, 3fr)", draw: (one) => <><Baton meaning="waits" /><span class="clip"><Foreign text={one.subject || one.case} /></span></> },
  { key: "how", title: c.how, width: "7rem", draw: ({ ended_how }) => word(r.endedHow, ended_how) },
  { key: "when", title: c.when, width: "12.5rem", draw: ({ ended_at_ms }) => <time>{formatDate(ended_at_ms)}</time> },
  { key: "queue", title: c.queue, width: "minmax(6rem, 1fr)", draw: ({ queue }) => <span class="clip foreign">{queue}</span> },
  { key: "agent", title: c.agent, width: "minmax(6rem, 1fr)", draw: ({ agent }) => <Agent agent={agent} /> },
  { key: "customer", title: c.customer, width: "minmax(6rem, 1fr)", draw: ({ customer }) => <span class="clip"><Foreign text={customer} /></span> },
  { key: "disposition", title: c.disposition, width: "minmax(5rem, 1fr)", draw: ({ disposition }) => <span class="clip"><Foreign text={disposition} /></span> },
];

function Agent({ agent }: { agent: string }): JSX.Element {
  return <span class="clip foreign">{useNames()(agent)}</span>;
}

/** Looks for ended cases in the history, when somebody presses for it: each time it is a walk through a database. */
export function Ended({ text }: { text: string }): JSX.Element {
  const { supervisor } = useDashboard();
  const found = useSignal<{ of: string; result: EndedCases | CasebatonError } | null>(null);
  async function look(): Promise<void> {
    try {
      found.value = { of: text, result: await supervisor.findEnded(text, { limit: MOST }) };
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      found.value = { of: text, result: error };
    }
  }
  if (found.value?.of !== text) return <p><Button testid="look-ended" onPress={look}>{r.lookEnded}</Button></p>;
  const { result } = found.value;
  if (result instanceof CasebatonError) {
    return result.code === "NO_HISTORY" ? <Empty title={r.noHistory} testid="no-history">{r.noHistoryAdvice}</Empty> : <Failed title={r.lifeFailed} onRetry={look}>{refusal(result)}</Failed>;
  }
  return (
    <section class="ended" aria-labelledby="ended">
      <header class="panel-head"><h2 id="ended">{r.ended}</h2><span class="soft" role="status">{r.endedFound(result.items.length)}{result.more && ` · ${r.endedMore}`}{result.back_to_ms !== undefined && ` · ${r.endedBackTo(formatDate(result.back_to_ms))}`}</span></header>
      <VirtualTable name={r.ended} rows={result.items} columns={COLUMNS} keyOf={(one) => one.case} minWidth="60rem" testid="ended-cases" onOpen={(one) => go("case", one.case)} empty={<Empty title={r.noEnded}>{r.noEndedAdvice}</Empty>} />
    </section>
  );
}
