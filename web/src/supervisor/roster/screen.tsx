import { type Signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Administrator } from "../../sdk/index.ts";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Foreign } from "../../ui/foreign";
import { formatNumber } from "../../ui/format";
import { type Column, VirtualTable } from "../../ui/grid";
import { KEYS } from "../../ui/shortcuts";
import { Empty, Failed, Loading } from "../../ui/states";
import { f } from "../../ui/texts/floor";
import { s } from "../../ui/texts/setup";
import { type Sort, sortRows } from "../../ui/virtual";
import { act, refusal } from "../act";
import { useAnswer } from "../answer";
import { useDashboard } from "../dashboard";
import { saveFile } from "../save-file";
import { RosterForm } from "./form";
import { isPhone } from "../shell/phone";
import { Import } from "./import";
import { type Person, personOf } from "./person";
import { rowsCsv } from "./rows";

const r = s.roster;
const ON_PHONE: ReadonlySet<string> = new Set(["agent", "capacity", "acts"]); // the form has the rest
const ON_ADMINS_PHONE: ReadonlySet<string> = new Set(["agent", "acts"]); // who may remove somebody, too
type Opened = { what: "edit"; person: Person } | { what: "remove"; person: Person } | { what: "add" } | { what: "import" };

/** Everybody who works here and what each may be given; whoever may, adds, removes and imports. */
export function RosterScreen(): JSX.Element {
  const { supervisor, client, shortcuts } = useDashboard();
  const { answer, failure, again } = useAnswer(() => supervisor.roster(), supervisor);
  const people = useMemo(() => answer?.map(personOf) ?? [], [answer]);
  const sort = useSignal<Sort>({ column: "agent", isDescending: false });
  const text = useSignal("");
  const opened = useSignal<Opened | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const columns = useMemo(() => columnsFor(client.role === "admin", opened).filter(({ key }) => !isPhone.value || (client.role === "admin" ? ON_ADMINS_PHONE : ON_PHONE).has(key)), [client.role, isPhone.value]);
  useEffect(() => shortcuts.add({ name: "search", keys: KEYS.search, run: () => search.current?.focus() }), [shortcuts]);
  const words = text.value.trim().toLocaleLowerCase().split(/\s+/);
  const rows = useMemo(() => sortRows(people.filter((person) => hasAll(person, words)), columns, sort.value), [people, text.value, sort.value, columns]);
  if (failure && !answer) return <Failed title={s.notRead} onRetry={again}>{refusal(failure)}</Failed>;
  if (!answer) return <Loading />;
  return (
    <div class="cases roster" data-testid="roster">
      <header class="screen-head"><h1>{f.screenNames.roster}</h1><span class="soft" data-testid="roster-shown">{r.shown(rows.length, people.length)}</span></header>
      <div class="toolbar" role="search">
        <input ref={search} class="input find" type="search" aria-label={r.find} placeholder={r.find} value={text.value} data-testid="find-person" onInput={(event) => (text.value = event.currentTarget.value)} />
        <Button kind="quiet" testid="read-again" onPress={again}>{r.readAgain}</Button>
        <span class="spring" />
        {client.role === "admin" && <Button testid="add-person" onPress={() => void (opened.value = { what: "add" })}>{r.add}</Button>}
        {client.role === "admin" && <Button testid="import" onPress={() => void (opened.value = { what: "import" })}>{r.import}</Button>}
        <Button kind="quiet" testid="export-csv" onPress={() => saveFile("roster.csv", "text/csv;charset=utf-8", rowsCsv(rows))}>{r.exportCsv}</Button>
        <Button kind="quiet" testid="export-json" onPress={() => saveFile("roster.json", "application/json", JSON.stringify(rows, null, 2))}>{r.exportJson}</Button>
      </div>
      <VirtualTable name={f.screenNames.roster} rows={rows} columns={columns} keyOf={({ agent }) => agent} sort={sort} minWidth={isPhone.value ? "18rem" : "64rem"} testid="people" onOpen={(person) => (opened.value = { what: "edit", person })}
        empty={people.length === 0 ? <Empty title={r.empty}>{r.emptyAdvice}</Empty> : <Empty title={f.noMatch}>{f.noMatchAdvice}</Empty>} />
      {opened.value && <OpenedSheet opened={opened.value} onClose={() => (opened.value = null)} onChanged={again} />}
    </div>
  );
}

function OpenedSheet({ opened, onClose, onChanged }: { opened: Opened; onClose: () => void; onChanged: () => Promise<void> }): JSX.Element {
  const { client, notices } = useDashboard();
  switch (opened.what) {
    case "add":
      return <RosterForm person={null} onClose={onClose} onChanged={onChanged} />;
    case "edit":
      return <RosterForm person={opened.person} onClose={onClose} onChanged={onChanged} />;
    case "import":
      return <Import onClose={onClose} onChanged={onChanged} />;
    case "remove": {
      const { agent, name } = opened.person;
      const remove = async (): Promise<void> => void ((await act(notices, r.remove, () => new Administrator(client).removeAgent(agent), r.removed(name || agent))) && (await onChanged()));
      return <Dialog title={r.removeTitle(name || agent)} confirm={r.confirmRemove} isDangerous onClose={onClose} onConfirm={() => void remove()}><p>{r.removeRule}</p></Dialog>;
    }
  }
}

function hasAll({ agent, name, team, queues, skills }: Person, words: readonly string[]): boolean {
  const text = [agent, name, team, ...queues, ...Object.keys(skills)].join(" ").toLocaleLowerCase();
  return words.every((word) => text.includes(word));
}

const collator = new Intl.Collator(undefined, { numeric: true });
const byText = (read: (person: Person) => string) => (one: Person, other: Person): number => collator.compare(read(one), read(other));
const pairs = (table: Readonly<Record<string, number>>): string => Object.entries(table).map(([name, number]) => `${name} ${formatNumber(number)}`).join(", ");
const clipped = (text: string): JSX.Element => <span class="clip foreign" title={text}>{text}</span>;

function columnsFor(isAdmin: boolean, opened: Signal<Opened | null>): readonly Column<Person>[] {
  const columns: Column<Person>[] = [
    { key: "agent", title: f.columns.agent, width: isPhone.value ? "minmax(6rem, 1fr)" : "minmax(10rem, 1.5fr)", draw: ({ agent, name }) => <span class="named"><span class="clip"><Foreign text={name || agent} /></span>{name !== agent && <small class="soft clip">{agent}</small>}</span>, compare: byText(({ agent, name }) => name || agent) },
    { key: "team", title: f.columns.team, width: "minmax(5rem, 1fr)", draw: ({ team }) => clipped(team), compare: byText(({ team }) => team) },
    { key: "capacity", title: f.capacity, width: "5.5rem", isNumber: true, draw: ({ capacity, interruptible_capacity }) => r.capacityOf(capacity, interruptible_capacity), compare: (one, other) => one.capacity - other.capacity },
    { key: "queues", title: f.columns.queues, width: "minmax(8rem, 2fr)", draw: ({ queues }) => clipped(queues.join(", ")) },
    { key: "skills", title: f.skills, width: "minmax(8rem, 2fr)", draw: ({ skills }) => clipped(pairs(skills)) },
    { key: "tiers", title: f.tiers, width: "minmax(4rem, 1fr)", draw: ({ tiers }) => clipped(pairs(tiers)) },
    { key: "limits", title: f.limits, width: "minmax(4rem, 1fr)", draw: ({ limits }) => clipped(pairs(limits)) },
  ];
  const edit = (person: Person): JSX.Element => <Button kind="quiet" testid="edit-person" onPress={() => void (opened.value = { what: "edit", person })}>{f.edit}</Button>;
  const remove = (person: Person): JSX.Element => <Button kind="quiet" testid="remove-person" onPress={() => void (opened.value = { what: "remove", person })}>{r.remove}</Button>;
  return [...columns, { key: "acts", title: f.actions, width: !isAdmin ? "4.5rem" : isPhone.value ? "9.5rem" : "11rem", draw: (person) => <>{edit(person)}{isAdmin && remove(person)}</> }];
}
