import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Offer } from "../sdk/offer";
import { CodeDialog } from "./dialog";
import { quoted } from "./sentences";
import { Countdown, Facts, Subject } from "./text";
import type { Workplace } from "./workplace";

const DECLINE_REASONS = ["busy", "wrong queue", "missing skill", "conflict of interest"];

export function Offers({ work }: { work: Workplace }): JSX.Element {
  const { agent } = work.view.value; // read, so that a new view draws the offers again
  const offers = work.agent.offers;
  return (
    <section class="offers" aria-labelledby="offers-title">
      <h2 id="offers-title" class="visually-hidden">Offers</h2>
      {offers.map((offer) => <OfferCard work={work} offer={offer} key={`${offer.case.case} ${offer.case.baton}`} />)}
      {offers.length === 0 && (
        <p class="empty">{agent?.status === "online" ? "No offer at the moment." : "You get offers while you are online."}</p>
      )}
    </section>
  );
}

function OfferCard({ work, offer }: { work: Workplace; offer: Offer }): JSX.Element {
  const one = offer.case;
  const busy = useSignal("");
  const declining = useSignal(false);

  async function answer(doing: string, command: () => Promise<unknown>): Promise<void> {
    busy.value = doing;
    if (!(await work.attempt(command(), one))) busy.value = "";
  }

  return (
    <article class="card offer" data-testid="offer" data-case={one.case}>
      <p class="visually-hidden" role="alert">New offer: {quoted(one)}, queue {one.queue}</p>
      <Countdown work={work} one={one} />
      <h3><Subject one={one} /></h3>
      <Facts one={one} />
      <div class="actions">
        <button type="button" class="primary" data-testid="offer-accept" disabled={busy.value !== ""}
          onClick={() => answer("Accepting…", () => offer.accept())}>
          {busy.value === "Accepting…" ? busy.value : "Accept"}
        </button>
        <button type="button" data-testid="offer-decline" disabled={busy.value !== ""} onClick={() => (declining.value = true)}>
          {busy.value === "Declining…" ? busy.value : "Decline"}
        </button>
      </div>
      {declining.value && (
        <CodeDialog title={`Decline ${quoted(one)}`} confirm="Decline" codes={DECLINE_REASONS}
          onClose={() => (declining.value = false)}
          onConfirm={(reason) => answer("Declining…", () => offer.decline(reason))} />
      )}
    </article>
  );
}
