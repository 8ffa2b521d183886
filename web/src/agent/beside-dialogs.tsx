import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Offer } from "../sdk/index";
import { Button } from "../ui/button";
import { beside } from "../ui/dialog";
import { plain } from "../ui/foreign";
import { Badge } from "../ui/marks";
import { Ring } from "../ui/ring";
import { a } from "../ui/texts/agent";
import { t } from "../ui/texts/basic";
import { accept, tagOf } from "./answers";
import { Facts, Subject } from "./facts";
import { newOffer, useDeclining } from "./offers";
import { agentOf } from "./words";
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
        {offers.map((offer, place) => <Short work={work} offer={offer} isInFront={place === 0} isNew={!there.current.has(tagOf(offer))} key={tagOf(offer)} />)}
      </fieldset>
      <div role="status">{work.notices.shown.value.map(({ id, text }) => <p class="foreign" data-testid="notice-beside" key={id}>{text}</p>)}</div>
    </>
  );
}

/** An offer in short: what, whose, of an appointment when and where, and from whom. One that came before the dialog was opened has been read out on the page. */
function Short({ work, offer, isInFront, isNew }: { work: Work; offer: Offer; isInFront: boolean; isNew: boolean }): JSX.Element {
  const one = work.caseOf(offer).value;
  const from = agentOf(one.owner);
  const declining = useDeclining(work, offer);
  return (
    <article class="offer" data-testid="offer-beside" data-case={one.case}>
      {isNew && <p class="visually-hidden" role="alert">{newOffer(offer)}</p>}
      <Ring deadlineAtMs={one.deadline_at_ms ?? 0} startAtMs={one.state_at_ms} />
      <div class="what">
        {from && <Badge meaning="act">{a.from(plain(work.names.of(from)))}</Badge>}
        <p><Subject one={one} /></p>
        <Facts one={one} />
      </div>
      <div class="actions">
        <Button kind={isInFront ? "act" : "plain"} once busyText={a.accepting} disabled={declining.isUnderWay} testid="accept-beside" onPress={() => accept(work, offer)}>{t.accept}</Button>
        <Button disabled={declining.isUnderWay} testid="decline-beside" onPress={declining.ask}>{declining.isUnderWay ? a.declining : t.decline}</Button>
      </div>
      {declining.dialog}
    </article>
  );
}
