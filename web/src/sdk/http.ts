import type { Clock } from "./clock.ts";
import { CasebatonError, CommandRefused, NotSent, OutcomeUnknown, errorOf } from "./errors.ts";
import { filled } from "./filled.ts";
import { wholeSnapshot } from "./fold.ts";
import { jsonOf } from "./json.ts";
import { randomUuid } from "./requests.ts";
import type { Tokens } from "./tokens.ts";
import { AGENT_STATE, CASE, QUEUE_SUMMARY } from "./types.ts";
import type { AgentState, Case, CaseBrief, Event, Fault, Note, QueuePage, QueueSummary, Snapshot, SubmitCase, Verbs } from "./types.ts";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchAnswer>;
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}
export interface FetchAnswer {
  ok: boolean;
  status: number;
  json(): Promise<unknown>;
  text(): Promise<string>;
}
declare class AbortSignal {}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(): void;
}

/** A part of a list; there is a `next_cursor` when more may follow. */
export interface Page<Item> {
  items: Item[];
  next_cursor?: string;
}
/** A page of a case's events, newest first; `truncated`: the server's log holds nothing before the last of them. */
export interface History extends Page<Event> {
  truncated?: boolean;
}
export interface PageQuery {
  limit?: number;
  cursor?: string;
}
export interface CaseQuery extends PageQuery {
  state?: string;
  queue?: string;
  agent?: string;
  customer?: string;
}
/** A case with the data that only its reader needs. */
export interface CaseDetail extends Case {
  data?: unknown;
}
/** What became of a batch's item. */
export type BatchResult = { ok: CaseBrief; position: string } | { error: Fault };
/** An item of a batch: its fields, and the command id under which it may be sent again. */
export type BatchItem<Shape> = Omit<Shape, "type"> & { id: string };
export interface ChangeOptions {
  id?: string;
  query?: object;
  headers?: Record<string, string>;
}
export interface GetOptions {
  /** How long the answer may take; otherwise as the client's. */
  deadlineMs?: number;
}
export interface HttpOptions {
  /** As in `https://host/v1/demo/`. */
  base: string;
  tokens: Tokens;
  fetch: Fetch;
  clock: Clock;
  deadlineMs: number;
}

const UNAUTHENTICATED = 401;

function urlOf(base: string, path: string, query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
  return base + path + (text && `?${text}`);
}

const id = encodeURIComponent;

/** What is HTTP only, and any other request under the workspace. */
export class Http {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async case(one: string): Promise<CaseDetail> {
    return filled<CaseDetail>(CASE, await this.get(`cases/${id(one)}`));
  }

  /** Live cases; of a customer, an agent, or a queue's line. */
  async cases(query: CaseQuery): Promise<Page<Case>> {
    const page = await this.get<Page<object>>("cases", query);
    return { ...page, items: page.items.map((one) => filled<Case>(CASE, one)) };
  }

  /** A case's events, newest first, as far as the log holds them. */
  history(one: string, query: PageQuery = {}): Promise<History> {
    return this.get(`cases/${id(one)}/history`, query);
  }

  async notes(one: string): Promise<Note[]> {
    return (await this.get<Page<Note>>(`cases/${id(one)}/notes`)).items;
  }

  /** Every queue that takes new cases, by name. */
  async queues(): Promise<QueueSummary[]> {
    const { items } = await this.get<Page<object>>("queues");
    return items.map((one) => filled<QueueSummary>(QUEUE_SUMMARY, one));
  }

  /** A page of a queue's line, best first. */
  async line(queue: string, query: PageQuery = {}): Promise<QueuePage> {
    return wholePage(await this.get(`queues/${id(queue)}/cases`, query));
  }

  async agent(one: string): Promise<Snapshot> {
    return wholeSnapshot(await this.get(`agents/${id(one)}`));
  }

  async agents(query: PageQuery = {}): Promise<Page<AgentState>> {
    const page = await this.get<Page<object>>("agents", query);
    return { ...page, items: page.items.map((one) => filled<AgentState>(AGENT_STATE, one)) };
  }

  /** One verb on at most 100 cases, or at most 100 cases to submit: a result for each, in order. */
  async batch<Verb extends keyof Verbs>(verb: Verb, items: readonly BatchItem<Verbs[Verb]>[]): Promise<BatchResult[]>;
  async batch(verb: "submit", items: readonly BatchItem<SubmitCase>[]): Promise<BatchResult[]>;
  async batch(verb: string, items: readonly object[]): Promise<BatchResult[]> {
    const path = verb === "submit" ? "cases" : `cases/${verb}`;
    return (await this.change<{ results: BatchResult[] }>("POST", path, items)).results;
  }

  /** Read what there is under a path of the workspace. */
  async get<Answer extends object>(path: string, query?: object, options: GetOptions = {}): Promise<Answer> {
    const answer = await this.#ask({ method: "GET", path, ...(query && { query }), ...options }, unread);
    return answer as Answer;
  }

  /** Read a text of another kind than JSON, such as `text/csv`. */
  async text(path: string, type: string, query?: object, options: GetOptions = {}): Promise<string> {
    const request = { method: "GET", path, headers: { Accept: type }, isText: true, ...(query && { query }), ...options };
    return (await this.#ask(request, unread)) as string;
  }

  /** Send a change under its command id; the same id again has no second effect. A body of another Content-Type than JSON goes as the text that it is. */
  async change<Answer>(method: string, path: string, body?: unknown, options: ChangeOptions = {}): Promise<Answer> {
    const headers: Record<string, string> = { "Idempotency-Key": options.id ?? randomUuid(), "Content-Type": "application/json", ...options.headers };
    const request = { method, path, headers, ...(options.query && { query: options.query }) };
    const isJson = headers["Content-Type"] === "application/json";
    const text = body === undefined ? undefined : isJson ? jsonOf(body) : String(body);
    return (await this.#ask({ ...request, ...(text !== undefined && { body: text }) }, (why) => new OutcomeUnknown(why))) as Answer;
  }

  async #ask(request: Request, unanswered: (why: string) => CasebatonError): Promise<unknown> {
    const token = await this.#options.tokens.get();
    if (token === null) throw new NotSent("there is no valid token");
    const first = await this.#fetch(request, token, unanswered);
    if (first.status !== UNAUTHENTICATED) return read(first, unanswered, request.isText);
    this.#options.tokens.refuse(token);
    const other = await this.#options.tokens.get();
    return read(other === null ? first : await this.#fetch(request, other, unanswered), unanswered, request.isText);
  }

  async #fetch(request: Request, token: string, unanswered: (why: string) => CasebatonError): Promise<FetchAnswer> {
    const { base, clock, fetch } = this.#options;
    const { method, path, query, headers, body, deadlineMs = this.#options.deadlineMs } = request;
    const stop = new AbortController();
    const cancel = clock.after(deadlineMs, () => stop.abort());
    try {
      return await fetch(urlOf(base, path, query), {
        method,
        headers: { Authorization: `Bearer ${token}`, ...headers },
        signal: stop.signal,
        ...(body !== undefined && { body }),
      });
    } catch (error) {
      throw unanswered(error instanceof Error ? error.message : "no answer");
    } finally {
      cancel();
    }
  }
}

interface Request {
  method: string;
  path: string;
  query?: object;
  headers?: Record<string, string>;
  body?: string;
  deadlineMs?: number;
  isText?: boolean;
}

const unread = (why: string): CasebatonError => new NotSent(why);

async function read(answer: FetchAnswer, unanswered: (why: string) => CasebatonError, isText = false): Promise<unknown> {
  const { status } = answer;
  const body = await (isText && answer.ok ? answer.text() : answer.json()).catch(() => null); // a proxy's page, or half an answer
  if (answer.ok && body !== null) return body;
  const fault = body as Partial<Fault> | null;
  if (fault?.code) return Promise.reject(errorOf({ detail: "", retryable: false, ...fault, code: fault.code }));
  if (status >= 400 && status < 500) throw new CommandRefused({ code: `HTTP_${status}`, detail: `answered with ${status}`, retryable: false });
  throw unanswered(`answered with ${status}`);
}

/** A page of a line, with what the server left out of it. */
export function wholePage(page: object): QueuePage {
  const whole = filled<QueuePage>(QUEUE_SUMMARY, page);
  return { ...whole, cases: whole.cases.map((one) => filled<Case>(CASE, one)) };
}
