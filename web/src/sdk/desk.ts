import type { Client, Tell } from "./client.ts";
import type { Emitter } from "./emitter.ts";
import type { View } from "./fold.ts";
import type { Closed, Ending } from "./held.ts";
import { endingOf, offerEndingOf } from "./notice.ts";
import type { Notice } from "./notice.ts";
import { Offer } from "./offer.ts";
import { OwnedCase } from "./owned.ts";
import { isAfter } from "./positions.ts";
import type { Accepted } from "./requests.ts";
import type { Case, CaseBrief, Event } from "./types.ts";

export interface DeskEvents {
  offers: readonly Offer[];
  desk: readonly OwnedCase[];
  /** One has come, also with a snapshot. */
  offer: Offer;
  /** A case has come to be owned, asked for or not, also with a snapshot. */
  owned: OwnedCase;
  notice: Notice;
}

/** The objects of an agent's offers and owned cases: one for as long as each lasts. */
export class Desk {
  offers: readonly Offer[] = [];
  cases: readonly OwnedCase[] = [];
  readonly #client: Client;
  readonly #events: Pick<Emitter<DeskEvents>, "emit">;
  readonly #offers = new Map<string, Offer>();
  readonly #owned = new Map<string, OwnedCase>();
  // Owned by a reply whose event is still to come: no view shows them yet.
  readonly #announced = new Set<string>();
  #me = "";
  #position = "0-0";
  #view: Pick<View, "offers" | "desk"> = { offers: new Map(), desk: new Map() };
  // What is to be told when all objects are up to date.
  #news: Tell[] = [];

  constructor(client: Client, events: Pick<Emitter<DeskEvents>, "emit">) {
    this.#client = client;
    this.#events = events;
  }

  /** Take a snapshot in: what it does not show has gone. Nobody is told before the result is called. */
  begin(view: View, position: string, isFirst: boolean): Tell {
    this.#me = view.me.agent;
    this.#announced.clear();
    return this.#show(view, position, null, !isFirst);
  }

  /** Take in what an event made of the view. */
  follow(view: View, event: Event): Tell {
    const own = this.#owned.get(event.case ?? "");
    if (own && event.state === undefined) this.#notify("case_changed", own.case, event, "changed");
    return this.#show(view, event.position, event, true);
  }

  /** Find or make the object of a case that a reply says is owned. */
  own = (one: Case, { ok, position }: Accepted): OwnedCase => {
    const brief = ok as CaseBrief;
    const known = this.#owned.get(one.case);
    if (known && known.case.revision >= brief.revision) return known;
    const { deadline_at_ms: _deadline, target: _target, target_baton: _baton, target_deadline_at_ms: _until, ...stays } = one;
    const owned = new OwnedCase(this.#client, { ...stays, ...brief, state_at_ms: Math.round(this.#client.time.now()) });
    // Events come in log order. Past the reply's position, the case has come and gone already.
    if (!isAfter(position, this.#position)) {
      owned.isOwned = false;
      return owned;
    }
    if (known) this.#drop(known, null, "changed"); // an earlier stay, whose end is still to be told
    this.#owned.set(one.case, owned);
    this.#announced.add(one.case);
    this.#arrange();
    this.#news.push(() => this.#events.emit("owned", owned));
    this.#tell();
    return owned;
  };

  #show(view: View, position: string, event: Event | null, isNews: boolean): Tell {
    const before = this.#view;
    this.#view = view;
    this.#position = position;
    if (view.offers !== before.offers) this.#followOffers(view.offers, event);
    if (view.desk !== before.desk || event === null) this.#followDesk(view.desk, event, isNews);
    return () => this.#tell();
  }

  #followOffers(offers: View["offers"], event: Event | null): void {
    let isOther = false;
    for (const [id, offer] of [...this.#offers]) {
      const one = offers.get(id);
      if (one?.baton === offer.case.baton) {
        if (one !== offer.case) this.#change(offer, one);
        continue;
      }
      offer.isOpen = false;
      this.#offers.delete(id);
      isOther = true;
      const closed: Closed = { how: offerEndingOf(event, this.#me), event };
      this.#news.push(() => offer.end(closed));
      this.#notify("offer_closed", offer.case, event, closed.how);
    }
    for (const one of offers.values()) {
      if (this.#offers.has(one.case)) continue;
      const offer = new Offer(this.#client, one, this.own, event?.decision ?? null);
      this.#offers.set(one.case, offer);
      isOther = true;
      this.#news.push(() => this.#events.emit("offer", offer));
    }
    if (!isOther) return;
    this.offers = [...offers.keys()].map((id) => this.#offers.get(id)!);
    this.#news.unshift(() => this.#events.emit("offers", this.offers));
  }

  #change(offer: Offer, one: Case): void {
    offer.follow(one);
    this.#news.push(() => offer.tell());
  }

  #followDesk(desk: View["desk"], event: Event | null, isNews: boolean): void {
    let isOther = false;
    for (const [id, owned] of [...this.#owned]) {
      if (desk.has(id) || this.#announced.has(id)) continue;
      this.#drop(owned, event, endingOf(event));
      isOther = true;
    }
    for (const [id, one] of desk) {
      const known = this.#owned.get(id);
      if (!known) {
        const owned = new OwnedCase(this.#client, one);
        this.#owned.set(id, owned);
        isOther = true;
        this.#news.push(() => this.#events.emit("owned", owned));
        if (isNews) this.#notify("case_came", one, event, endingOf(event));
      } else if (one !== known.case && one.revision >= known.case.revision) {
        this.#move(known, one, event);
      }
    }
    if (isOther) this.#arrange();
  }

  #move(owned: OwnedCase, one: Case, event: Event | null): void {
    const before = owned.case;
    owned.follow(one);
    const isAnnounced = this.#announced.delete(one.case);
    this.#news.push(() => owned.tell({ case: one, before, event }));
    if (isAnnounced) this.#notify("case_came", one, event, endingOf(event));
    else if (event) this.#notify("case_changed", before, event, "changed");
  }

  #drop(owned: OwnedCase, event: Event | null, how: Ending): void {
    owned.isOwned = false;
    this.#owned.delete(owned.case.case);
    this.#announced.delete(owned.case.case);
    this.#news.push(() => owned.end({ how, event }));
    this.#notify("case_left", owned.case, event, how);
  }

  // Those that a reply announced stand on top, where their events will put them.
  #arrange(): void {
    const ids = new Set([...[...this.#announced].reverse(), ...this.#view.desk.keys()]);
    this.cases = [...ids].flatMap((id) => this.#owned.get(id) ?? []);
    this.#news.unshift(() => this.#events.emit("desk", this.cases));
  }

  #notify(kind: Notice["kind"], one: Case, event: Event | null, how: Ending): void {
    const byMe = event?.actor === `agent:${this.#me}`;
    this.#news.push(() => this.#events.emit("notice", { kind, how, case: one, event, byMe }));
  }

  #tell(): void {
    for (const tell of this.#news.splice(0)) tell();
  }
}
