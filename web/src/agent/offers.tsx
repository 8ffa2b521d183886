import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Offer } from "../sdk/index";
import { Button } from "../ui/button";
import { plain } from "../ui/foreign";
import { Icon } from "../ui/icons";
import { Baton, Badge } from "../ui/marks";
import { Ring } from "../ui/ring";
import { t } from "../ui/texts/basic";
import { a } from "../ui/texts/agent";
import { accept, decline, tagOf } from "./answers";
import { Facts, RecordLink, Subject } from "./facts";
import { DeclineDialog, OfferStory } from "./late-parts";
import { agentOf, quoted } from "./words";
import type { Work } from "./work";

/** What rings at the agent. The one that ends soonest is in front; the others wait below it, in the order in which they end. */
export function Offers({ work }: { work: Work }): JSX.Element | null {
  const offers = work.offers.value;
  if (offers.length === 0) return null;
  return (
    <section class="offers" aria-labelledby="offers-title">
      <h2 id="offers-title" class="visually-hidden">{a.offers}</h2>
      {offers.map((offer, place) => <OfferCard work={work} offer={offer} isInFront={place === 0} key={tagOf(offer)} />)}
    </section>
  );
}

/** What a screen reader hears of it, once. */
export function newOffer(offer: Offer): string {
  return a.newOffer(quoted(offer.case), offer.case.queue, offer.remainingMs());
}

interface Declining {
  /** A reason was given, and the server has not answered yet. */
  isUnderWay: boolean;
  /** Ask for the reason. */
  ask: () => void;
  dialog: JSX.Element | false;
}

/** Decline an offer, with a reason that is asked for. */
export function useDeclining(work: Work, offer: Offer): Declining {
  const isAsking = useSignal(false);
  const isUnderWay = useSignal(false);
  async function answerNo(reason: string): Promise<void> {
    isUnderWay.value = true;
    if (!(await decline(work, offer, reason))) isUnderWay.value = false;
  }
  return {
    isUnderWay: isUnderWay.value,
    ask: () => (isAsking.value = true),
    dialog: isAsking.value && (
      <DeclineDialog work={work} one={offer.case} onClose={() => (isAsking.value = false)} onConfirm={(reason) => void answerNo(reason)} />
    ),
  };
}

function OfferCard({ work, offer, isInFront }: { work: Work; offer: Offer; isInFront: boolean }): JSX.Element {
  const one = work.caseOf(offer).value;
  const declining = useDeclining(work, offer);
  const tag = tagOf(offer);
  const isFolded = work.folded.value.get(tag) ?? !isInFront;
  // Without a connection nothing can be pressed, and how long it rings is told anew when there is one.
  const about = work.link.state.value === "connected" ? quoted(one) : undefined;
  const from = agentOf(one.owner);
  return (
    <article class={`offer${isInFront ? " front" : ""}${isFolded ? " folded" : ""}`} data-testid="offer" data-case={one.case}>
      <p class="visually-hidden" role="alert">{newOffer(offer)}</p>
      <Baton meaning={one.window ? "planned" : "act"} />
      <Ring deadlineAtMs={one.deadline_at_ms ?? 0} startAtMs={one.state_at_ms} about={about} testid="countdown" />
      <div class="what">
        {from && <Badge meaning="act" testid="offer-from">{a.from(plain(work.names.of(from)))}</Badge>}
        <h3><Subject one={one} /></h3>
        <Facts one={one} />
        {isInFront && <RecordLink one={one} />}
        {isInFront && <OfferStory work={work} offer={offer} />}
      </div>
      <button type="button" class="button quiet icon fold" aria-label={a.inFull} title={a.inFull} aria-expanded={!isFolded} data-testid="offer-fold" onClick={() => work.fold(tag, !isFolded)}>
        <Icon name={isFolded ? "up" : "down"} />
      </button>
      <div class="actions">
        <Button kind={isInFront ? "act" : "plain"} big={isInFront} once busyText={a.accepting} disabled={declining.isUnderWay} testid="offer-accept"
          onPress={() => accept(work, offer)}>
          {t.accept}
        </Button>
        <Button big={isInFront} disabled={declining.isUnderWay} testid="offer-decline" onPress={declining.ask}>
          {declining.isUnderWay ? a.declining : t.decline}
        </Button>
      </div>
      {declining.dialog}
    </article>
  );
}
