import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { type Case, CasebatonError, type Colleague } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { Check, TextField } from "../../ui/fields";
import { Foreign, plain } from "../../ui/foreign";
import { Empty, Failed, Loading } from "../../ui/states";
import { codes, word } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { act, refusal } from "../act";
import { useDashboard } from "../dashboard";

type Found = { items: readonly Colleague[] } | { error: CasebatonError };

const TYPED_MS = 200; // whoever types on asks once

/** Who should have the case instead: those who could, best first, or whoever is looked for. */
export function Reassign({ one, holder, onClose }: { one: Case; holder?: string; onClose: () => void }): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const text = useSignal("");
  const overCapacity = useSignal(false);
  const found = useSignal<Found | null>(null);
  const subject = plain(one.card?.subject ?? one.case);
  const sought = text.value.trim();
  useEffect(() => {
    let isWanted = true;
    const show = (result: Found): void => void (isWanted && (found.value = result));
    const timer = setTimeout(() => {
      supervisor.findColleagues(one.case, sought ? { text: sought } : {}).then(show, (error: unknown) => {
        if (!(error instanceof CasebatonError)) throw error;
        show({ error });
      });
    }, sought ? TYPED_MS : 0);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [supervisor, one.case, sought]);
  async function give({ agent, name }: Colleague): Promise<void> {
    const options = { overCapacity: overCapacity.value };
    const isDone = await act(notices, f.reassign, () => supervisor.assign(one, agent, options), f.reassigned(subject, plain(name || agent)));
    if (isDone) onClose();
  }
  return (
    <Sheet title={f.reassignTitle(subject)} onClose={onClose} testid="reassign-sheet">
      <TextField label={f.findColleague} type="search" value={text.value} testid="find-colleague" onInput={(value) => (text.value = value)} />
      <Colleagues found={found.value} one={one} isForced={overCapacity.value} onGive={give} />
      <Check label={f.overCapacity} value={overCapacity.value} testid="over-capacity" onChange={(isOn) => (overCapacity.value = isOn)} />
      {holder && <p class="soft">{f.takenFrom(holder)}</p>}
    </Sheet>
  );
}

interface ColleaguesProps {
  found: Found | null;
  one: Case;
  isForced: boolean;
  onGive: (colleague: Colleague) => Promise<void>;
}

function Colleagues({ found, one, isForced, onGive }: ColleaguesProps): JSX.Element {
  if (!found) return <Loading />;
  if ("error" in found) return <Failed title={f.reassign}>{refusal(found.error)}</Failed>;
  const others = found.items.filter(({ agent }) => agent !== one.agent);
  if (others.length === 0) return <Empty title={f.noColleague}>{f.noColleagueAdvice}</Empty>;
  return (
    <ul class="colleagues">
      {others.map((each) => {
        const flaw = each.lacks ?? each.unqualified;
        const free = one.pool === "interruptible" ? each.free_interruptible : each.free_primary;
        return (
          <li key={each.agent} data-testid="colleague">
            <span class="who"><b class="clip"><Foreign text={each.name || each.agent} /></b> <small class="soft clip">{each.agent}{each.team && ` · ${each.team}`}</small></span>
            <span class="soft">
              {word(codes.statuses, each.label)}, {f.freeUnits(Math.max(0, free))}{flaw && `, ${f.lacks(word(codes.fails, flaw))}`}
            </span>
            <Button testid="give" disabled={each.lacks !== undefined && !isForced} onPress={() => onGive(each)}>{f.give}</Button>
          </li>
        );
      })}
    </ul>
  );
}
