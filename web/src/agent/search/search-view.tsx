import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Case } from "../../sdk/index";
import { Foreign, plain } from "../../ui/foreign";
import { Baton, type Meaning } from "../../ui/marks";
import { Empty, Failed, Loading } from "../../ui/states";
import { codes, word } from "../../ui/texts";
import { v } from "../../ui/texts/views";
import { Age } from "../../ui/time";
import { subjectOf } from "../queues/columns";
import { whyNot } from "../why-not";
import type { Reader } from "../words";
import type { Work } from "../work";
import type { Search } from "./search";

const MEANINGS: Readonly<Record<string, Meaning>> = { offered: "ready", active: "act", wrapping: "soon", parked: "waits" };

interface SearchViewProps {
  work: Work;
  search: Search;
  onOpen: (one: Case) => void;
}

/** A box to write in and what was found. Arrows go through the results. */
export function SearchView({ work, search, onOpen }: SearchViewProps): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => box.current?.select(), []);
  function move(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const stops = [box.current!, ...(list.current?.querySelectorAll<HTMLElement>("button") ?? [])];
    stops[Math.max(0, Math.min(stops.length - 1, stops.indexOf(document.activeElement as HTMLElement) + step))]?.focus();
  }
  return (
    <section class="search" role="search" aria-label={v.search} data-testid="search" onKeyDown={move}>
      <input ref={box} class="input" type="search" autocomplete="off" autofocus maxLength={200} aria-label={v.searchWhat} placeholder={v.searchWhat} data-testid="search-box"
        value={search.text.value} onInput={({ currentTarget }) => search.look(currentTarget.value)} />
      <p class="visually-hidden" role="status">{statusOf(search)}</p>
      <Results work={work} search={search} list={list} onOpen={onOpen} />
    </section>
  );
}

function statusOf({ state, found }: Search): string {
  if (state.value === "asking") return v.searching;
  return state.value === "done" ? v.found(found.value.length) : "";
}

function Results({ work, search, list, onOpen }: SearchViewProps & { list: { current: HTMLUListElement | null } }): JSX.Element {
  const found = search.found.value;
  const state = search.state.value;
  if (state === "idle") return <p class="soft">{v.searchHint}</p>;
  return (
    <>
      {found.length > 0 && (
        <ul ref={list} class="found">
          {found.map((one) => <li key={one.case}><FoundCase work={work} one={one} onOpen={onOpen} /></li>)}
        </ul>
      )}
      {state === "asking" && <Loading title={v.searching} />}
      {state === "failed" && <Failed title={v.searchFailed} onRetry={() => search.retry()}>{whyNot(work, search.failure.value)}</Failed>}
      {state === "done" && found.length === 0 && <Empty title={v.nothingFound(plain(search.text.value.trim()))}>{v.nothingFoundWhy}</Empty>}
      {state === "done" && search.hasMore.value && <p class="soft">{v.moreFound}</p>}
    </>
  );
}

/** Where a case is, in words. */
export function whereabouts({ state, agent }: Pick<Case, "state" | "agent">, { me, name }: Pick<Reader, "me" | "name">): string {
  if (agent === undefined || !MEANINGS[state]) return word(codes.caseStates, state);
  if (state === "offered") return agent === me ? v.ringsAtYou : v.offeredTo(plain(name(agent)));
  return agent === me ? v.inHand : v.heldBy(plain(name(agent)));
}

function FoundCase({ work, one, onOpen }: { work: Work; one: Case; onOpen: (one: Case) => void }): JSX.Element {
  const { me } = work.reader;
  return (
    <button type="button" class="found-case" data-testid="found" data-case={one.case} onClick={() => onOpen(one)}>
      <Baton meaning={one.agent === me || one.state === "waiting" ? (MEANINGS[one.state] ?? "waits") : "waits"} />
      <span class="says">
        <Foreign class="clip subject" text={subjectOf(one)} />
        <span class="clip soft">
          {one.card?.customer && <><Foreign text={one.card.customer} /> · </>}
          {one.queue} · {one.case}
        </span>
      </span>
      <span class="where">
        <span>{whereabouts(one, { me, name: (id) => work.names.of(id) })}</span>
        <Age class="soft" since={one.requested_at_ms} />
      </span>
    </button>
  );
}
