import { CommandRefused } from "../sdk/index";
import type { Offer, OwnedCase } from "../sdk/index";
import { recordUrl } from "../ui/foreign";
import { opensRecord } from "../ui/preferences";
import { a } from "../ui/texts/agent";
import { agentOf, quoted } from "./words";
import type { Work } from "./work";

/** Names an offer in alerts: a case and the baton that accepts it. */
export function tagOf({ case: { case: id, baton } }: Offer): string {
  return `${id} ${baton}`;
}

/** The order in which offers want an answer: the one that ends soonest first, of two the one that came first. `offers`: newest first, as the SDK has them. */
export function bySoonest(offers: readonly Offer[]): Offer[] {
  const end = ({ deadlineAtMs }: Offer): number => deadlineAtMs || Infinity;
  return [...offers].reverse().sort((one, other) => (end(one) === end(other) ? 0 : end(one) - end(other)));
}

/**
 * Accept it; answers whether it is the agent's now. Its record opens only then: nobody wants one of a case that is lost. It
 * comes into the middle of the page, unless a dialog is open: what is written there belongs to what is shown now.
 */
export function accept(work: Work, offer: Offer): Promise<boolean> {
  const tag = tagOf(offer);
  const asked = underWay.get(tag) ?? acceptOnce(work, offer).finally(() => underWay.delete(tag));
  underWay.set(tag, asked);
  return asked;
}

// An offer stands in several places, each with a button, and has a key: two presses are one answer.
const underWay = new Map<string, Promise<boolean>>();

async function acceptOnce(work: Work, offer: Offer): Promise<boolean> {
  const { case: one } = offer;
  work.alerts.value?.ringing.answered(tagOf(offer));
  const arrived = (owned: OwnedCase): void => (isAsking() ? work.notices.add(a.onYourDesk(quoted(one))) : work.choice.show(owned));
  const isMine = await work.attempt(offer.accept().then(arrived, (error) => unlessMine(error, work)), one);
  const url = recordUrl(one.card?.url);
  if (isMine && opensRecord.value && url) open(url, "_blank", "noopener,noreferrer");
  return isMine;
}

/** That it is the agent's already, from another tab, is no news: it is here, too. */
function unlessMine(error: unknown, work: Work): void {
  const current = error instanceof CommandRefused ? error.current : undefined;
  if (current?.state !== "active" || (current.agent ?? agentOf(current.owner)) !== work.reader.me) throw error;
}

const isAsking = (): boolean => document.querySelector("dialog[open]") !== null;

/** Decline it; without a reason where none was asked for. */
export function decline(work: Work, offer: Offer, reason?: string): Promise<boolean> {
  work.alerts.value?.ringing.answered(tagOf(offer));
  return work.attempt(offer.decline(reason), offer.case);
}
