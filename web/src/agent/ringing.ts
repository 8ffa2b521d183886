import { effect } from "@preact/signals";
import type { Offer } from "../sdk/index";
import type { Note } from "../ui/alerts/notification";
import { onPressed } from "../ui/alerts/notification";
import { announce } from "../ui/announcer";
import { plain } from "../ui/foreign";
import { c } from "../ui/texts/case";
import { accept, decline, tagOf } from "./answers";
import { quoted } from "./words";
import type { Work } from "./work";

function noteOf(offer: Offer): Note {
  const { card, case: id, queue } = offer.case;
  return { tag: tagOf(offer), title: plain(card?.subject ?? id), body: [card?.customer && plain(card.customer), queue].filter(Boolean).join(" · ") };
}

/** Let the offers ring wherever the person is, and take answers from notifications; the result ends it. */
export function ringOffers(work: Work): () => void {
  const find = (tag: string): Offer | undefined => work.agent.offers.find((each) => tagOf(each) === tag);
  const stops = [
    effect(() => work.alerts.value?.ringing.show(work.offers.value.map(noteOf))),
    sayWhichIsFirst(work),
    onPressed((tag) => find(tag) !== undefined, ({ tag, action }) => {
      const offer = find(tag);
      if (offer && action === "accept") void accept(work, offer);
      else if (offer && action === "decline") void decline(work, offer);
    }),
    unlockOnPress(work),
  ];
  return () => stops.forEach((stop) => stop());
}

// A new offer is read out by itself; which of several the keys answer is not seen by who only listens.
function sayWhichIsFirst(work: Work): () => void {
  let before: readonly Offer[] = [];
  return effect(() => {
    const offers = work.offers.value;
    if (firstNeedsSaying(before, offers)) announce(c.standsFirst(quoted(offers[0]!.case)));
    before = offers;
  });
}

/** Does another one stand first than whoever listens must believe: the one that came last, or the one before? */
export function firstNeedsSaying(before: readonly Offer[], now: readonly Offer[]): boolean {
  const [first] = now;
  if (!first || !before.includes(first)) return false;
  return first !== before[0] || now.some((offer) => !before.includes(offer));
}

// Browsers let a page sound once somebody has pressed something on it.
function unlockOnPress(work: Work): () => void {
  const stop = new AbortController();
  const unlock = (): void => {
    if (!work.alerts.value) return;
    stop.abort();
    void work.alerts.value.bell.unlock();
  };
  for (const press of ["pointerdown", "keydown"]) addEventListener(press, unlock, { signal: stop.signal });
  return () => stop.abort();
}

/** Ask before the page is left with work in hand; the result ends it. */
export function guardLeaving(work: Work): () => void {
  const ask = (event: BeforeUnloadEvent): void => {
    const { offers, desk } = work.agent;
    if (offers.length > 0 || desk.some((owned) => owned.case.state !== "parked")) event.preventDefault();
  };
  addEventListener("beforeunload", ask);
  return () => removeEventListener("beforeunload", ask);
}
