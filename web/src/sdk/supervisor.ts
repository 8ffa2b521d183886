import type { Results } from "./bulk.ts";
import type { Client } from "./client.ts";
import { previewConfig, previewRollback } from "./configuration.ts";
import type { Document, Upon } from "./configuration.ts";
import { CasebatonError, NotSent, OutcomeUnknown, errorOf } from "./errors.ts";
import type { BatchItem } from "./http.ts";
import type { Overview } from "./overview.ts";
import { overviewOf } from "./overview.ts";
import { randomUuid } from "./requests.ts";
import { Steering, shown } from "./steering.ts";
import type { Target } from "./steering.ts";
import type { WatchedAgent } from "./watched.ts";
import { watchedAgentOf } from "./watched.ts";
import { findColleagues, searchCases } from "./people.ts";
import type { SearchQuery, ColleagueQuery } from "./people.ts";
import { readDay } from "./reads.ts";
import { findEnded, readLife, readReport, readReportCsv, readReports } from "./reports.ts";
import type { EndedCases, Life, Report, ReportKind, ReportQuery } from "./reports.ts";
import type { CaseBrief, Colleagues, Config, ConfigEffect, ConfigVersion, Day, FoundCases, Place, SetAgent, Snapshot, Stage, Verbs } from "./types.ts";

/** An agent of a roster, as `putRoster` takes it. */
export type RosterRow = { agent: string } & Record<string, unknown>;
/** What `set_agent` may change; what is left out stays. */
export type AgentFields = Omit<SetAgent, "type" | "agent">;
/** What a verb takes beside the case. */
export type VerbFields<Verb extends keyof Verbs> = Omit<Verbs[Verb], "type" | "case" | "baton">;

const BATCH = 100;

/** Whoever steers cases, agents and queues: a supervisor, within the token's scope, or an admin. */
export class Supervisor extends Steering {
  constructor(client: Client) {
    super(client, ["supervisor", "admin"]);
  }

  /** Give a case to an agent; `overCapacity` allows what does not fit, and is recorded. */
  assign(target: Target, agent: string, { overCapacity = false, reason }: { overCapacity?: boolean; reason?: string } = {}): Promise<CaseBrief> {
    const over = overCapacity ? { over_capacity: true } : {};
    return this.move({ type: "assign_case", agent, ...over, ...(reason && { reason }), ...shown(target) });
  }

  /** Hand an owned case back to its queue; its owner is told. */
  return(target: Target, reason: string, place: Place = "keep"): Promise<CaseBrief> {
    return this.move({ type: "return_case", reason, place, ...shown(target) });
  }

  /** End the work on an owned case; its owner is told. */
  complete(target: Target, disposition?: string): Promise<CaseBrief> {
    return this.move({ type: "complete_case", ...(disposition && { disposition }), ...shown(target) });
  }

  /** Take an open offer back; it does not count against the agent. */
  revoke(target: Target, reason: string): Promise<CaseBrief> {
    return this.move({ type: "revoke_offer", reason, ...shown(target) });
  }

  /** Let the owner of a parked case go on with it. */
  resume(target: Target): Promise<CaseBrief> {
    return this.move({ type: "resume_case", ...shown(target) });
  }

  /** Say how far an owned case has come, forward or back; an end of the stages ends it. */
  setStage(target: Target, stage: Stage, reason?: string): Promise<CaseBrief> {
    return this.move({ type: "set_stage", stage, ...(reason && { reason }), ...shown(target) });
  }

  /** The same on many cases, in batches of 100: a result for each, in order. What is refused harms no other. */
  async onMany<Verb extends keyof Verbs>(verb: Verb, targets: readonly Target[], fields: VerbFields<Verb>): Promise<Results<CaseBrief>> {
    const results: Results<CaseBrief> = [];
    for (let start = 0; start < targets.length; start += BATCH) {
      const some = targets.slice(start, start + BATCH);
      const items = some.map((target) => ({ ...fields, ...shown(target), id: randomUuid() }) as unknown as BatchItem<Verbs[Verb]>);
      results.push(...(await this.#batch(verb, items)));
      const last = results.at(-1);
      if (last instanceof NotSent || last instanceof OutcomeUnknown) break; // the server is not there
    }
    return Array.from(targets, (_, index) => results[index] ?? new NotSent("an earlier batch was not answered"));
  }

  async #batch<Verb extends keyof Verbs>(verb: Verb, items: BatchItem<Verbs[Verb]>[]): Promise<Results<CaseBrief>> {
    try {
      const results = await this.client.http.batch(verb, items);
      return results.map((result) => ("ok" in result ? result.ok : errorOf(result.error)));
    } catch (error) {
      if (!(error instanceof CasebatonError)) throw error;
      return items.map(() => error);
    }
  }

  /** What an agent has done since an instant, to the quarter hour; left out: for 24 hours. */
  day(agent: string, since_ms?: number): Promise<Day> {
    return readDay(this.client, since_ms, agent);
  }

  /** Let an agent get nothing new, finish its primary work and be offline then. */
  async drainAgent(agent: string): Promise<void> {
    await this.client.send({ type: "drain_agent", agent });
  }

  /** Send everything that an agent has in hand back to its queues. */
  async requeueAgent(agent: string, reason: string): Promise<void> {
    await this.client.send({ type: "requeue_agent", agent, reason });
  }

  /** See to an agent's flag, which is down then. */
  async answerFlag(agent: string, text?: string): Promise<void> {
    await this.client.send({ type: "answer_flag", agent, ...(text && { text }) });
  }

  async setAgent(agent: string, fields: AgentFields): Promise<void> {
    await this.client.send({ type: "set_agent", agent, ...fields });
  }

  /** An agent with its offers and its desk, as they are now. */
  readAgent(agent: string): Promise<Snapshot> {
    return this.client.http.agent(agent);
  }

  /** Let nothing of a queue's be offered or taken until it is resumed. */
  async pauseQueue(queue: string, reason?: string): Promise<void> {
    await this.client.send({ type: "pause_queue", queue, ...(reason && { reason }) });
  }

  /** Let nothing new into a queue until it is resumed. */
  async drainQueue(queue: string): Promise<void> {
    await this.client.send({ type: "drain_queue", queue });
  }

  /** End a queue's pause or drain. */
  async resumeQueue(queue: string): Promise<void> {
    await this.client.send({ type: "resume_queue", queue });
  }

  /** Watch all agents and queues within the scope, through losses too; the same overview while it is watched. */
  watchWorkspace(): Overview {
    return overviewOf(this.client);
  }

  /** Watch one agent with its offers and its desk, through losses too; the same one while it is watched. At most 20. */
  watchAgent(agent: string): WatchedAgent {
    return watchedAgentOf(this.client, agent);
  }

  /** Live cases by words of what stands on them, the best matches first; ids of ended ones too, while they are remembered. */
  searchCases(text: string, query?: SearchQuery): Promise<FoundCases> {
    return searchCases(this.client, text, query);
  }

  /** To whom a case could be handed now, best first. */
  findColleagues(one: string, query?: ColleagueQuery): Promise<Colleagues> {
    return findColleagues(this.client, one, query);
  }

  /** The configuration in force, or one of the last versions; with `toml` also as such a text, of what differs from its default or of all. */
  async config(version?: number, toml?: "changed" | "all"): Promise<Config> {
    return (await this.client.send({ type: "read_config", ...(version !== undefined && { version }), ...(toml && { toml }) })).ok as Config;
  }

  /** Which versions there are, newest first. */
  async configVersions(): Promise<ConfigVersion[]> {
    const { ok } = await this.client.send({ type: "read_config_versions" });
    return (ok as { items: ConfigVersion[] }).items;
  }

  /** What applying a document would do; to apply it is an administrator's. */
  previewConfig(document: Document | string, upon?: Upon): Promise<ConfigEffect> {
    return previewConfig(this.client, document, upon);
  }

  /** What bringing one of the last versions back would do. */
  previewRollback(version: number, upon?: Upon): Promise<ConfigEffect> {
    return previewRollback(this.client, version, upon);
  }

  /** Who works here, as rows that `putRoster` takes. It reads everybody: on demand only. */
  async roster(): Promise<RosterRow[]> {
    const { ok } = await this.client.send({ type: "read_roster" });
    return (ok as { items: RosterRow[] }).items;
  }

  /** Which reports there are, and how each may be asked. */
  reports(): Promise<ReportKind[]> {
    return readReports(this.client);
  }

  /** What the history amounts to, within the scope. Refused as `NO_HISTORY` where none is kept. */
  report(report: string, query: ReportQuery = {}): Promise<Report> {
    return readReport(this.client, report, query);
  }

  /** The same as comma-separated values, without what each number means. */
  reportCsv(report: string, query: ReportQuery = {}): Promise<string> {
    return readReportCsv(this.client, report, query);
  }

  /** All that the history has of a case, live or ended, in words. */
  life(one: string): Promise<Life> {
    return readLife(this.client, one);
  }

  /** Cases that have ended: by the whole id or customer all that the history has, by words the newest. On demand only. */
  findEnded(text: string, { limit }: { limit?: number } = {}): Promise<EndedCases> {
    return findEnded(this.client, text, limit);
  }
}
