import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Announcer } from "../../ui/announcer";
import { Button, IconButton } from "../../ui/button";
import { Sheet } from "../../ui/dialog";
import { Menu, MenuItem, MenuRule } from "../../ui/menu";
import { Banner, NoticeBar } from "../../ui/notes";
import { LookForm } from "../../ui/preferences-form";
import { KEYS, nine } from "../../ui/shortcuts";
import { type KeyGroup, ShortcutsHelp } from "../../ui/shortcuts-help";
import { Failed, Loading } from "../../ui/states";
import { t } from "../../ui/texts";
import { f } from "../../ui/texts/floor";
import { useDashboard } from "../dashboard";
import { type Screen, go, route } from "../route";
import { isWall, leaveWall } from "./wall";
import { Late } from "./late";
import { Rail } from "./rail";
import { PersonIcon } from "./screen-icon";
import { LISTED, SCREENS } from "./screens";

type Opened = "preferences" | "shortcuts" | null;

interface ShellProps {
  /** How the connection stands. */
  banner: ComponentChildren;
  onSignOut: () => void;
}

/** What is around every screen: the list of screens at the start, what is said above and below. */
export function Shell({ banner, onSignOut }: ShellProps): JSX.Element {
  const { notices } = useDashboard();
  const opened = useSignal<Opened>(null);
  const main = useRef<HTMLElement>(null);
  useKeys(opened);
  useEffect(() => {
    addEventListener("resize", closeMenu);
    return () => removeEventListener("resize", closeMenu);
  }, []);
  const wall = isWall.value;
  return (
    <>
      {banner}
      <PausedBanner />
      <div class={wall ? "dash wall" : "dash"}>
        {!wall && (
          <Rail account={<Account opened={opened} onSignOut={onSignOut} />}>
            <button type="button" class="button skip" onClick={() => main.current?.focus()}>{f.skipToScreen}</button>
          </Rail>
        )}
        <main ref={main} tabIndex={-1}><Screen /></main>
      </div>
      <NoticeBar notices={notices} />
      <Announcer />
      <Opened opened={opened} />
    </>
  );
}

// Its button may be elsewhere now, or nowhere.
const closeMenu = (): void => document.querySelector<HTMLElement>(".menu:popover-open")?.hidePopover();

function PausedBanner(): JSX.Element | null {
  const { floor } = useDashboard();
  if (!floor.isPaused.value) return null;
  return <Banner meaning="waits" testid="paused" actions={<Button onPress={() => (floor.isPaused.value = false)}>{f.resume}</Button>}>{f.paused}</Banner>;
}

function Screen(): JSX.Element {
  const { floor, failure } = useDashboard();
  const at = route.value;
  const place = SCREENS[at.screen];
  const name = f.screenNames[at.screen];
  useEffect(() => void (document.title = at.id ? `${at.id} – ${name} – ${t.appName}` : `${name} – ${t.appName}`), [at.id, name]);
  if (failure.value) return <Failed title={f.floorFailed}>{failure.value}</Failed>;
  if (!floor.isThere.value) return <Loading title={f.loadingFloor} />;
  return <Late load={place.load} props={{ route: at }} />;
}

function Account({ opened, onSignOut }: { opened: Signal<Opened>; onSignOut: () => void }): JSX.Element {
  const { client, floor } = useDashboard();
  const { queues = [], teams = [] } = client.scope ?? {};
  const isPaused = floor.isPaused.value;
  const role = f.roles[client.role as keyof typeof f.roles] ?? client.role;
  return (
    <div class="account">
      <IconButton icon={isPaused ? "resume" : "park"} label={isPaused ? f.resume : f.pause} testid="pause" onPress={() => (floor.isPaused.value = !isPaused)} />
      <Menu label={<><PersonIcon /><span class="clip">{client.subject}</span></>} name={f.account(client.subject)} class="button quiet who" testid="account">
        <p class="soft menu-says">{f.signedInAs(client.subject, role)}{client.scope && <><br />{f.scoped(queues.length, teams.length)}</>}</p>
        <MenuRule />
        <div class="only-phone"><MenuItem icon={isPaused ? "resume" : "park"} end="Alt+P" testid="menu-pause" onPress={() => (floor.isPaused.value = !isPaused)}>{isPaused ? f.resume : f.pause}</MenuItem></div>
        <MenuItem icon="gear" testid="preferences" onPress={() => (opened.value = "preferences")}>{t.preferences}</MenuItem>
        <MenuItem icon="help" end="?" testid="help" onPress={() => (opened.value = "shortcuts")}>{t.shortcuts}</MenuItem>
        <MenuItem icon="close" testid="sign-out" onPress={onSignOut}>{t.signOut}</MenuItem>
      </Menu>
    </div>
  );
}

function Opened({ opened }: { opened: Signal<Opened> }): JSX.Element | null {
  const { shortcuts } = useDashboard();
  const close = (): void => void (opened.value = null);
  if (opened.value === "shortcuts") return <ShortcutsHelp shortcuts={shortcuts} others={keysElsewhere(route.value.screen)} onClose={close} />;
  if (opened.value === "preferences") return <Sheet title={t.preferences} onClose={close}><LookForm /></Sheet>;
  return null;
}

const SEARCH = { name: "search", keys: KEYS.search } as const;
/** Keys that hold on some screens only. */
const KEYS_OF: Partial<Record<Screen, KeyGroup["keys"]>> = {
  agents: [SEARCH, { name: "next", keys: KEYS.next }, { name: "previous", keys: KEYS.previous }],
  cases: [SEARCH],
  roster: [SEARCH],
};

function keysElsewhere(screen: Screen): readonly KeyGroup[] {
  const here = SCREENS[screen].under ?? screen;
  return LISTED.flatMap((each) => (each === here || !KEYS_OF[each] ? [] : { title: f.screenNames[each], keys: KEYS_OF[each] }));
}

function useKeys(opened: Signal<Opened>): void {
  const { shortcuts, floor } = useDashboard();
  useEffect(() => {
    const stops = [
      shortcuts.add(
        ...nine("screen", (index) => (LISTED[index] ? go(LISTED[index]) : false)),
        { name: "pause", keys: "Alt+P", run: () => void (floor.isPaused.value = !floor.isPaused.value) },
        { name: "help", keys: "?", run: () => void (opened.value = "shortcuts") },
        { name: "close", keys: "Escape", run: leaveWall },
      ),
      shortcuts.listen(),
    ];
    return () => stops.forEach((stop) => stop());
  }, [shortcuts]);
}
