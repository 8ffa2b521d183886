import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Match, Offer } from "../sdk/index";
import { Foreign } from "../ui/foreign";
import { word } from "../ui/texts";
import { c } from "../ui/texts/case";
import type { Work } from "./work";
import { agentOf } from "./words";

/** Why it is offered to this agent. */
export function OfferStory({ work, offer }: { work: Work; offer: Offer }): JSX.Element | null {
  return agentOf(offer.case.owner) ? <HandedOver work={work} offer={offer} /> : <WhyMe offer={offer} />;
}

/** Why this agent, and why this case, as the engine decided. */
function WhyMe({ offer }: { offer: Offer }): JSX.Element | null {
  const decision = useSignal<Match | null>(offer.decision);
  useEffect(() => {
    offer.loadDecision().then((found) => (decision.value = found), () => {}); // it says less, then
  }, [offer]);
  if (!decision.value) return null;
  const { rule } = decision.value;
  return <p class="soft" data-testid="why-me">{c.whyYou(word(c.rulesOfAgent, rule))} {c.whyThis(word(c.rulesOfCase, rule))}</p>;
}

/** Why a colleague wants to hand it over, if it was said. */
function HandedOver({ work, offer }: { work: Work; offer: Offer }): JSX.Element | null {
  const reason = useSignal("");
  useEffect(() => {
    offer.history({ limit: 10 }).then(
      ({ items }) => (reason.value = items.find(({ type }) => type === "transfer_offered")?.reason ?? ""),
      () => {}, // it says less, then
    );
  }, [offer]);
  const { notes } = work.caseOf(offer).value;
  return (
    <p class="soft">
      {reason.value && <Foreign text={c.theReason(reason.value)} testid="offer-reason" />} {notes > 0 && c.notes(notes)}
    </p>
  );
}
