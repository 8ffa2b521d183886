import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Button } from "../../ui/button";
import { plain } from "../../ui/foreign";
import { f } from "../../ui/texts/floor";
import { r } from "../../ui/texts/reports";
import { act } from "../act";
import { useDashboard } from "../dashboard";
import { type Query, setQuery } from "../route";
import { saveFile } from "../save-file";
import { type Asked, BY, HAS_BEFORE, HAS_TEAM, INTERVALS, fileName, serverName, tableQuery } from "./asked";
import { dateIn } from "./intervals";
import { type Fault, PERIODS } from "./period";
import { ownZone, zoneNames } from "./span";
import { formatMean } from "./values";
import { WISHES, type Wish } from "./wish";

const MOST_SAID = 40; // letters of an address
const MARK = "\ufeff"; // without it spreadsheets take UTF-8 for something else

/** What is asked for; the address says it. */
export function Toolbar({ asked }: { asked: Asked }): JSX.Element {
  const { report, by, interval, isCompared } = asked;
  const isNow = report === "ageing";
  const isWish = asked.fault !== null && asked.fault.what in WISHES;
  const wrong = asked.fault && <p class="wrong" id={WRONG} role="alert" data-testid="period-wrong">{faultWords(asked.fault)}</p>;
  return (
    <div class="toolbar report-asks" role="search" aria-label={r.which}>
      {!isNow && <Period asked={asked} />}
      {!isNow && <Zone asked={asked} />}
      {!isWish && wrong}
      {BY[report].length > 0 && <Choice label={r.by} name="by" value={by}>{options(BY[report], (each) => `${r.by}: ${r.dimensions[each]}`)}</Choice>}
      {INTERVALS[report].length > 0 && <Choice label={r.interval} name="interval" value={interval}>{options(["", ...INTERVALS[report]], (each) => `${r.interval}: ${r.intervals[each]}`)}</Choice>}
      <Queue value={asked.queue} />
      {HAS_TEAM.has(report) && <Team value={asked.team} />}
      {report === "staffing" && <Wanted asked={asked} />}
      {isWish && wrong}
      {HAS_BEFORE.has(report) && <Button pressed={isCompared} testid="compare" onPress={() => setQuery({ compare: isCompared ? "" : "1" })}>{r.compare}</Button>}
    </div>
  );
}

const WRONG = "period-wrong";
const LABELS: Readonly<Record<Wish, string>> = { goal: r.goal, within: r.within, at_once: r.atOnce };

function faultWords({ what, text }: Fault): string {
  const said = plain(text.slice(0, MOST_SAID));
  if (what === "order") return r.backwards;
  if (what === "period") return r.noPeriod(said);
  if (what === "zone") return r.noZone(said);
  if (what === "from" || what === "until") return said ? r.noDay(r[what], said) : r.sayDay(r[what]);
  const [least, most] = WISHES[what];
  return r.outOfRange(LABELS[what], formatMean(least), formatMean(most));
}

const options = (names: readonly string[], say: (name: string) => string | undefined): JSX.Element[] => names.map((name) => <option value={name} key={name}>{say(name)}</option>);

function Period({ asked: { period, from, until, zone, fault } }: { asked: Asked }): JSX.Element {
  const { client } = useDashboard();
  const wrong = fault?.what;
  function choose(value: string): void {
    const today = dateIn(wrong === "zone" ? ownZone() : zone, client.time.now());
    setQuery({ period: value === "today" ? "" : value, from: value === "dates" ? today : "", until: value === "dates" ? today : "" });
  }
  return (
    <>
      <Choice label={r.period} name="period" value={period} isWrong={wrong === "period"} onChange={choose}>{options(period === "unknown" ? [period, ...PERIODS] : PERIODS, (each) => r.periods[each as keyof typeof r.periods])}</Choice>
      {period === "dates" && <Day label={r.from} name="from" value={from} isWrong={wrong === "from" || wrong === "order"} onChange={(day) => setQuery({ from: day, until: day > until ? day : until })} />}
      {period === "dates" && <Day label={r.until} name="until" value={until} isWrong={wrong === "until" || wrong === "order"} onChange={(day) => setQuery({ until: day, from: day < from ? day : from })} />}
    </>
  );
}

const marks = (isWrong = false) => (isWrong ? ({ "aria-invalid": "true", "aria-describedby": WRONG } as const) : {});

function Day({ label, name, value, isWrong, onChange }: { label: string; name: string; value: string; isWrong: boolean; onChange: (day: string) => void }): JSX.Element {
  return <input {...marks(isWrong)} class="input day-of" type="date" aria-label={label} title={label} value={value} required data-testid={`report-${name}`} onChange={({ currentTarget: { value: day } }) => day && onChange(day)} />;
}

function Zone({ asked: { zone, fault } }: { asked: Asked }): JSX.Element {
  const names = useMemo(() => zoneNames(ownZone(), zone), [zone]);
  return <Choice label={r.zone} name="zone" value={zone} isWrong={fault?.what === "zone"}>{options(names, (each) => each.replaceAll("_", " "))}</Choice>;
}

function Queue({ value }: { value: string }): JSX.Element {
  const { floor } = useDashboard();
  const names = sorted(floor.queues.value.map(({ id }) => id), value);
  return <Choice label={f.queue} name="queue" value={value}>{options(["", ...names], (each) => each || f.allQueues)}</Choice>;
}

function Team({ value }: { value: string }): JSX.Element {
  const { floor } = useDashboard();
  const names = sorted([...floor.agentTotals.value.teams.keys()].filter((name) => name !== ""), value);
  return <Choice label={f.team} name="team" value={value}>{options(["", ...names], (each) => each || f.allTeams)}</Choice>;
}

// An address may name what is not there (any more): it stays chosen, and can be seen.
function sorted(names: readonly string[], chosen: string): readonly string[] {
  return [...new Set(chosen === "" ? names : [...names, chosen])].sort((one, other) => one.localeCompare(other));
}

function Wanted({ asked: { goal, within, atOnce, fault } }: { asked: Asked }): JSX.Element {
  const fields = [["goal", r.goalRule, goal], ["within", r.withinRule, within], ["at_once", r.atOnceRule, atOnce]] as const;
  return <>{fields.map(([name, rule, value]) => <input {...marks(fault?.what === name)} key={name} class="input number-of" type="number" min="0" step="any" aria-label={LABELS[name]} title={`${LABELS[name]}: ${rule}`} placeholder={LABELS[name]} value={value} data-testid={`report-${name}`} onChange={(event) => setQuery({ [name]: event.currentTarget.value })} />)}</>;
}

interface ChoiceProps {
  label: string;
  name: keyof Query & string;
  value: string;
  isWrong?: boolean;
  onChange?: (value: string) => void;
  children: ComponentChildren;
}

function Choice({ label, name, value, isWrong, onChange = (chosen) => setQuery({ [name]: chosen }), children }: ChoiceProps): JSX.Element {
  return <select {...marks(isWrong)} class="input choice-of" aria-label={label} title={label} value={value} data-testid={`report-${name}`} onChange={(event) => onChange(event.currentTarget.value)}>{children}</select>;
}

/** The rows as a file. It is fetched with the token in a header: an address with one would be kept by browsers and proxies. */
export function Csv({ asked }: { asked: Asked }): JSX.Element {
  const { supervisor, notices } = useDashboard();
  const save = async (): Promise<void> => saveFile(fileName(asked), "text/csv;charset=utf-8", MARK + (await supervisor.reportCsv(serverName(asked.report), tableQuery(asked))));
  return <Button kind="quiet" testid="report-csv" onPress={() => act(notices, r.csvFailed, save, null)}>{r.csv}</Button>;
}
