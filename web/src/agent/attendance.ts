import { effect } from "@preact/signals";
import type { Door, Room } from "../door/door";
import { share } from "../door/way-in";
import { openAlerts } from "../ui/alerts/index";
import type { Shortcuts } from "../ui/shortcuts";
import { keepAwake } from "./awake";
import { showBesideDialogs } from "./beside-dialogs";
import { foldAside } from "./folding";
import { keysOf } from "./keyboard";
import { keepLastView } from "./last-view/keeping";
import { guardLeaving, ringOffers } from "./ringing";
import { choices, choose } from "./status-menu";
import type { Work } from "./work";

export interface Attendance {
  keys: Shortcuts;
  stop: () => void;
}

/** What goes on beside the drawing while somebody is at work: keys, sounds, the last view, other tabs. */
export function attend(door: Door<Room>, work: Work, signOut: () => void): Attendance {
  const keys = keysOf(work, {
    help: () => void (work.sheet.value = "keys"),
    search: () => work.choice.go({ kind: "search" }),
    close: () => document.querySelector(":popover-open") === null && work.choice.leave(), // an open menu closes first
    status: (place) => {
      const status = choices(work)[place];
      if (status !== undefined) void choose(work, status);
      return status !== undefined;
    },
  });
  work.agent.watchCounts();
  const stops = [
    share(door), openWhenKnown(work), hearSignOut(work, signOut), keys.listen(), ringOffers(work), guardLeaving(work), keepLastView(work), keepAwake(work),
    showBesideDialogs(work), foldAside(work),
  ];
  return { keys, stop: () => stops.forEach((stop) => stop()) };
}

// Whose alerts they are is known with the first welcome.
function openWhenKnown(work: Work): () => void {
  return effect(() => {
    const me = work.status.value;
    if (me && !work.alerts.peek()) work.alerts.value = openAlerts(`${work.link.workspace} agent ${me.agent}`);
  });
}

function hearSignOut(work: Work, signOut: () => void): () => void {
  return effect(() => work.alerts.value?.tabs.hear(({ type }) => type === "signed_out" && signOut()));
}
