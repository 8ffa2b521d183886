import type { Offer } from "../sdk/index";
import { recordUrl } from "../ui/foreign";
import { opensRecord } from "../ui/preferences";
import type { Work } from "./work";

/** Names an offer in alerts: a case and the baton that accepts it. */
export function tagOf({ case: { case: id, baton } }: Offer): string {
  return `${id} ${baton}`;
}

/** Accept it; answers whether it is the agent's now. Its record opens only then: nobody wants one of a case that is lost. */
export async function accept(work: Work, offer: Offer): Promise<boolean> {
  const { case: one } = offer;
  work.alerts.value?.ringing.answered(tagOf(offer));
  const isMine = await work.attempt(offer.accept().then((owned) => work.choice.show(owned)), one);
  const url = recordUrl(one.card?.url);
  if (isMine && opensRecord.value && url) open(url, "_blank", "noopener,noreferrer");
  return isMine;
}

/** Decline it; without a reason where none was asked for. */
export function decline(work: Work, offer: Offer, reason?: string): Promise<boolean> {
  work.alerts.value?.ringing.answered(tagOf(offer));
  return work.attempt(offer.decline(reason), offer.case);
}
