// Every component of the kit on one page, as the tests look at it. `?long` makes what may be long, long.
import { signal } from "@preact/signals";
import { openAlerts } from "../src/ui/alerts";
import { askForSession, handOver } from "../src/ui/alerts/handover";
import { onPressed } from "../src/ui/alerts/notification";
import { WorkerTimers } from "../src/ui/alerts/timer";
import { forgetViews, keepView, lastView } from "../src/ui/last-view";
import { notificationsOn } from "../src/ui/preferences";
import { type JSX, render } from "preact";
import { Announcer } from "../src/ui/announcer";
import { Button, IconButton } from "../src/ui/button";
import { CodeDialog, Dialog } from "../src/ui/dialog";
import { Check, Choices, Select, TextField } from "../src/ui/fields";
import { Foreign } from "../src/ui/foreign";
import { type Column, VirtualList, VirtualTable } from "../src/ui/grid";
import { Badge, Baton, type Meaning, StatusDot } from "../src/ui/marks";
import { Icon } from "../src/ui/icons";
import { Menu, MenuItem, MenuRule } from "../src/ui/menu";
import { Meter } from "../src/ui/meter";
import { Banner, NoticeBar } from "../src/ui/notes";
import { Notices } from "../src/ui/notices";
import { applyPreferences } from "../src/ui/preferences";
import { LookForm, SoundForm } from "../src/ui/preferences-form";
import { Ring } from "../src/ui/ring";
import { KEYS, nine, Shortcuts } from "../src/ui/shortcuts";
import { ShortcutsHelp } from "../src/ui/shortcuts-help";
import { Sparkline } from "../src/ui/sparkline";
import { Empty, Failed, Loading } from "../src/ui/states";
import { Tabs } from "../src/ui/tabs";
import { Age, Clock } from "../src/ui/time";
import { serviceWorker, timerWorker } from "../src/ui/trusted";
import type { Sort } from "../src/ui/virtual";
import { sortRows } from "../src/ui/virtual";

const MEANINGS: readonly Meaning[] = ["act", "ready", "soon", "late", "planned", "waits"];
const WORDS: Readonly<Record<Meaning, string>> = { act: "Yours", ready: "Ready", soon: "12 s left", late: "Late", planned: "Tue 10:00", waits: "Waiting" };
const LIAR = "Refund \u202ednuof\u202c for <b>Ødegård</b>";
const start = Date.now();

interface Row {
  id: string;
  name: string;
  held: number;
  since: number;
}

const rows: readonly Row[] = Array.from({ length: 5_000 }, (_, n) => ({ id: `a-${n}`, name: `Agent ${n}`, held: (n * 7) % 11, since: start - n * 41_000 }));
const columns: readonly Column<Row>[] = [
  { key: "name", title: "Agent", width: "minmax(8rem, 2fr)", draw: ({ name }) => <span class="clip">{name}</span>, compare: (one, other) => one.name.localeCompare(other.name) },
  { key: "status", title: "Status", width: "minmax(6rem, 1fr)", draw: ({ held }) => <StatusDot status={held > 8 ? "busy" : "online"}>{held > 8 ? "Busy" : "Online"}</StatusDot> },
  { key: "held", title: "Held", width: "4rem", isNumber: true, draw: ({ held }) => held, compare: (one, other) => one.held - other.held },
  { key: "since", title: "Since", width: "6rem", isNumber: true, draw: ({ since }) => <Age since={since} /> },
  { key: "take", title: "Action", width: "5rem", draw: ({ id }) => <Button testid={`take-${id}`} onPress={() => (pressed.value = id)}>Take</Button> },
];

const pressed = signal("");
const open = signal<"" | "dialog" | "reason" | "help">("");
const tab = signal("mine");
const sort = signal<Sort>({ column: "held", isDescending: true });
const selected = signal<ReadonlySet<string>>(new Set());
const notices = new Notices();
const shortcuts = new Shortcuts();
const choice = signal<"keep" | "front" | "back">("keep");
const answer = signal<(outcome: boolean) => void>(() => {}); // settles the press on Accept
const closeDialog = (): void => void (open.value = "");

shortcuts.add(
  { name: "accept", keys: KEYS.accept, run: () => void (pressed.value = "accept") },
  { name: "search", keys: KEYS.search, run: () => document.querySelector<HTMLElement>("[data-testid=search]")!.focus() },
  { name: "help", keys: KEYS.help, run: () => void (open.value = "help") },
  ...nine("status", (index) => void (pressed.value = `status ${index}`)),
);

function Marks(): JSX.Element {
  return (
    <section class="panel">
      <h2>Marks</h2>
      {MEANINGS.map((meaning) => (
        <div class="item" key={meaning}>
          <Baton meaning={meaning} /> <span class="clip">Invoice 4711 is wrong</span> <Badge meaning={meaning}>{WORDS[meaning]}</Badge>
        </div>
      ))}
      <div class="actions">
        <StatusDot status="online">Online</StatusDot> <StatusDot status="busy">Lunch</StatusDot> <StatusDot status="offline">Offline</StatusDot>
        <StatusDot status="not_responding">Not responding</StatusDot> <StatusDot status="connecting" isLive>Connecting…</StatusDot> <StatusDot status="disconnected">Not connected</StatusDot>
      </div>
      <div class="actions"><Meter label="Calls and chats" held={3} capacity={5} /> <Meter label="Cases" held={4} capacity={4} /> <Meter label="All" held={25} capacity={40} /></div>
      <Sparkline label="Waiting: 3 now, 9 at most" points={[1, 4, 2, 6, 9, 7, 5, 3, 4, 3]} />
      <Sparkline label="Waiting, with a gap" meaning="late" points={[1, 4, null, null, 9, 7, 5]} />
    </section>
  );
}

function OfferCard(): JSX.Element {
  return (
    <section class="panel">
      <h2>Offer</h2>
      <article class="card">
        <Baton meaning="act" />
        <div>
          <h3><Foreign text={LIAR} testid="foreign" /></h3>
          <p class="soft">acme · billing · <Clock since={start - 61_000} /></p>
        </div>
        <Ring deadlineAtMs={start + 30_000} startAtMs={start} about="Refund" testid="ring" />
        <div class="actions">
          <Button kind="act" big busyText="Accepting…" once testid="accept" onPress={() => new Promise((done) => (answer.value = done))}>Accept <kbd>Alt A</kbd></Button>
          <Button big testid="decline" onPress={() => (open.value = "reason")}>Decline</Button>
          <IconButton icon="external" label="Open the record" onPress={() => {}} />
        </div>
      </article>
      <div class="actions"><Ring deadlineAtMs={start + 9_000} startAtMs={start - 21_000} /> <Ring deadlineAtMs={start + 4_000} startAtMs={start - 26_000} /></div>
      <div class="actions">
        <Button testid="open-dialog" onPress={() => (open.value = "dialog")}>Complete</Button> <Button kind="danger" onPress={() => {}}>Return</Button> <Button disabled onPress={() => {}}>Park</Button>
        <Menu label={<>More <Icon name="down" /></>} testid="menu">
          <MenuItem icon="transfer" end={<kbd>Alt T</kbd>} onPress={() => (pressed.value = "transfer")}>Transfer</MenuItem>
          <MenuItem icon="note" onPress={() => (pressed.value = "note")}>Add a note</MenuItem>
          <MenuRule />
          <MenuItem isDangerous onPress={() => (pressed.value = "cancel")}>Cancel</MenuItem>
        </Menu>
      </div>
    </section>
  );
}

function Form(): JSX.Element {
  return (
    <section class="panel">
      <h2>Fields</h2>
      <TextField label="Search" type="search" value="" onInput={() => {}} testid="search" placeholder="Subject, customer, id" />
      <TextField label="Name" value="a b" wrong="Names have no spaces." onInput={() => {}} />
      <TextField label="Note" lines={2} value="" rule="Everybody who handles the case reads it." onInput={() => {}} />
      <Select label="Queue" value="billing" onChange={() => {}}><option value="billing">billing</option></Select>
      <Choices legend="Its place in the line" name="place" value={choice.value} options={[["keep", "at its age"], ["front", "at the front"]]} onChange={(value) => (choice.value = value)} />
      <Check label="Over capacity" value onChange={() => {}} />
    </section>
  );
}

function Gallery(): JSX.Element {
  return (
    <>
      <header class="bar">
        <h1>Ana</h1>
        <StatusDot status="online">Online</StatusDot>
        <IconButton icon="gear" label="Preferences" onPress={() => {}} />
        <IconButton icon="help" label="Shortcuts" testid="help" onPress={() => (open.value = "help")} />
      </header>
      <Banner meaning="soon" actions={<Button onPress={() => {}}>Retry now</Button>}>Connection lost, next attempt in 4 seconds.</Banner>
      <main class="gallery">
        <OfferCard />
        <Marks />
        <Form />
        <section class="panel"><h2>Look</h2><LookForm /><SoundForm actions={<Button onPress={() => {}}>Play it</Button>} /></section>
        <section class="panel">
          <h2>Panels</h2>
          <Tabs name="Lists" chosen={tab} tabs={[{ key: "mine", label: <>Mine <Badge>3</Badge></> }, { key: "parked", label: "Parked" }]}>
            {(key) => (key === "mine" ? <Empty title="You own no cases.">Offers ring here while you are online.</Empty> : <Loading />)}
          </Tabs>
          <Failed title="The line could not be had." onRetry={() => {}}>The server did not answer in time.</Failed>
        </section>
        <section class="panel">
          <h2>List</h2>
          <VirtualList name="Waiting" rows={rows.slice(0, 200)} keyOf={({ id }) => id} empty="" rowHeight={3.5}
            draw={({ name }) => <div class="item"><Baton meaning="waits" /><span class="clip">{name}</span></div>} />
        </section>
        <section class="wide">
          <h2>Table</h2>
          <VirtualTable name="Agents" rows={sortRows(rows, columns, sort.value)} keyOf={({ id }) => id} columns={columns} sort={sort} selected={selected} nameOf={({ name }) => name}
            onOpen={({ id }) => (pressed.value = `open ${id}`)} empty="" minWidth="36rem" testid="table" />
          <output data-testid="pressed">{pressed.value}</output> <output data-testid="selected">{selected.value.size}</output>
        </section>
      </main>
      <NoticeBar notices={notices} />
      <Announcer />
      {open.value === "dialog" && <Dialog title={`Complete ${LIAR}`} confirm="Complete" onClose={closeDialog} onConfirm={() => (pressed.value = "confirmed")}>Is it done?</Dialog>}
      {open.value === "reason" && <CodeDialog title="Decline “Refund”" confirm="Decline" codes={["busy", "wrong queue"]} onClose={closeDialog} onConfirm={(code) => (pressed.value = code)} />}
      {open.value === "help" && <ShortcutsHelp shortcuts={shortcuts} onClose={closeDialog} />}
    </>
  );
}

applyPreferences();
shortcuts.listen();
notices.add("“Refund” was given to Bo.");
notices.add(`“Login”: you have no room for it; finish or return a case first.${"x".repeat(location.search === "?long" ? 300 : 0)}`, () => true);
render(<Gallery />, document.getElementById("page")!);
Object.assign(globalThis, { kit: { answer: (outcome: boolean) => answer.value(outcome), askForSession, forgetViews, handOver, keepView, lastView, notificationsOn, onPressed, openAlerts, serviceWorker, timerWorker, WorkerTimers } });
