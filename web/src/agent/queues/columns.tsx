import type { JSX } from "preact";
import type { Case } from "../../sdk/index";
import { Button } from "../../ui/button";
import { Foreign } from "../../ui/foreign";
import { formatList, formatNumber, formatSpan } from "../../ui/format";
import type { Column } from "../../ui/grid";
import { v } from "../../ui/texts/views";
import { Age } from "../../ui/time";

/** A waiting case as it is now in nobody's hands: another baton is another stay. */
export const keyOf = ({ case: id, baton }: Case): string => `${id}:${baton}`;

export const subjectOf = ({ case: id, card }: Case): string => card?.subject ?? id;

/** The columns beside those that are always there, by what they are for: whom, when, what. */
export type Extra = "customer" | "window" | "skills" | "channel";

// What such a column needs at least, with its gap, in rem; and what the rest does. The subject gets most of what is left.
const NEEDS: Readonly<Record<Extra, number>> = { customer: 7.75, window: 12.75, skills: 5.75, channel: 5.25 };
const REST = 32;

const HAS: Readonly<Record<Extra, (one: Case, first: Case) => boolean>> = {
  customer: ({ card }) => card?.customer !== undefined,
  window: ({ window }) => window !== undefined,
  skills: ({ skills = {} }) => Object.keys(skills).length > 0,
  channel: ({ channel }, first) => channel !== first.channel,
};

/** Those in which the line's cases have something to show; what was once needed stays, so that nothing jumps. */
export function neededIn(cases: readonly Case[], before: readonly Extra[]): readonly Extra[] {
  const needed = (Object.keys(HAS) as Extra[]).filter((name) => before.includes(name) || cases.some((one) => HAS[name](one, cases[0]!)));
  return needed.length === before.length ? before : needed;
}

/** Of those needed the first that there is room for; null where there is none for a table at all. */
export function fitting(needed: readonly Extra[], widthRem: number): readonly Extra[] | null {
  let left = widthRem - REST;
  if (left < 0) return null;
  return needed.filter((name) => {
    if (NEEDS[name] > left) return false;
    left -= NEEDS[name];
    return true;
  });
}

export function skillsOf({ skills = {} }: Case): string {
  return formatList(Object.entries(skills).map(([name, level]) => v.skill(name, level)));
}

type Take = (one: Case) => Promise<boolean>;

export function TakeButton({ one, take }: { one: Case; take: Take }): JSX.Element {
  return <Button once busyText={v.taking} testid="queue-take" label={`${v.take}: ${subjectOf(one)}`} onPress={() => take(one)}>{v.take}</Button>;
}

const subject: Column<Case> = { key: "subject", title: v.columns.subject, width: "minmax(10rem, 5fr)", draw: (one) => <Foreign class="clip subject" text={subjectOf(one)} /> };
const customer: Column<Case> = { key: "customer", title: v.columns.customer, width: "minmax(7rem, 1.4fr)", draw: ({ card }) => card?.customer && <Foreign class="clip" text={card.customer} /> };
const channel: Column<Case> = { key: "channel", title: v.columns.channel, width: "minmax(4.5rem, 0.9fr)", draw: (one) => <span class="clip">{one.channel}</span> };
const priority: Column<Case> = { key: "priority", title: v.columns.priority, width: "4rem", isNumber: true, draw: (one) => formatNumber(one.priority) };
const age: Column<Case> = { key: "age", title: v.columns.age, width: "5.5rem", isNumber: true, draw: (one) => <Age since={one.requested_at_ms} /> };
const skills: Column<Case> = { key: "skills", title: v.columns.skills, width: "minmax(5rem, 1fr)", draw: (one) => <span class="clip" title={skillsOf(one)}>{skillsOf(one)}</span> };
const window: Column<Case> = {
  key: "window",
  title: v.columns.window,
  width: "minmax(12rem, 2.4fr)",
  draw: (one) => one.window && <time class="clip" data-testid="window">{formatSpan(one.window.from_ms, one.window.until_ms)}</time>,
};

const EXTRAS: Readonly<Record<Extra, Column<Case>>> = { customer, window, skills, channel };

/** The table's columns; without `take` nothing can be taken. */
export function columnsOf(extras: readonly Extra[], take: Take | null): readonly Column<Case>[] {
  const button: Column<Case> = { key: "take", title: v.take, width: "5.5rem", isNumber: true, draw: (one) => <TakeButton one={one} take={take!} /> };
  return [subject, ...extras.map((name) => EXTRAS[name]), priority, age, ...(take ? [button] : [])];
}

/** One case in two lines, where there is no room for a table. */
export function NarrowRow({ one, take }: { one: Case; take: Take | null }): JSX.Element {
  const { card, window: planned } = one;
  return (
    <div class="narrow-row">
      <div class="says">
        <Foreign class="clip subject" text={subjectOf(one)} />
        <span class="clip soft">
          {card?.customer && <><Foreign text={card.customer} /> · </>}
          {planned ? <time data-testid="window">{formatSpan(planned.from_ms, planned.until_ms)}</time> : <Age since={one.requested_at_ms} />}
        </span>
      </div>
      {take && <TakeButton one={one} take={take} />}
    </div>
  );
}
