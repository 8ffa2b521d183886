import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Offer } from "../sdk/index";
import { Button } from "../ui/button";
import { beside } from "../ui/dialog";
import { Ring } from "../ui/ring";
import { a } from "../ui/texts/agent";
import { t } from "../ui/texts/basic";
import { accept, tagOf } from "./answers";
import { Subject } from "./facts";
import { newOffer, useDeclining } from "./offers";
import type { Work } from "./work";

/** Show beside each open dialog what rings, to be answered there, and what is said; the result ends it. */
export function showBesideDialogs(work: Work): () => void {
  beside.value = () => <BesideDialog work={work} />;
  return () => void (beside.value = null);
}

function BesideDialog({ work }: { work: Work }): JSX.Element {
  const offers = work.offers.value;
  const there = useRef(new Set(offers.map(tagOf)));
  return (
    <>
      <fieldset class="bare" disabled={work.link.state.value !== "connected"}>
        {offers.map((offer) => <Short work={work} offer={offer} isNew={!there.current.has(tagOf(offer))} key={tagOf(offer)} />)}
      </fieldset>
      <div role="status">{work.notices.shown.value.map(({ id, text }) => <p class="foreign" data-testid="notice-beside" key={id}>{text}</p>)}</div>
    </>
  );
}

/** An offer in short. One that came before the dialog was opened has been read out on the page. */
function Short({ work, offer, isNew }: { work: Work; offer: Offer; isNew: boolean }): JSX.Element {
  const one = work.caseOf(offer).value;
  const declining = useDeclining(work, offer);
  return (
    <article class="offer" data-testid="offer-beside" data-case={one.case}>
      {isNew && <p class="visually-hidden" role="alert">{newOffer(offer)}</p>}
      <Ring deadlineAtMs={one.deadline_at_ms ?? 0} startAtMs={one.state_at_ms} />
      <p class="what"><Subject one={one} /> <span class="soft">{one.queue}</span></p>
      <div class="actions">
        <Button kind="act" once busyText={a.accepting} disabled={declining.isUnderWay} testid="accept-beside" onPress={() => accept(work, offer)}>{t.accept}</Button>
        <Button disabled={declining.isUnderWay} testid="decline-beside" onPress={declining.ask}>{declining.isUnderWay ? a.declining : t.decline}</Button>
      </div>
      {declining.dialog}
    </article>
  );
}
