import type { Client } from "./client.ts";
import { filled } from "./filled.ts";
import { bytesOf } from "./requests.ts";
import type { RosterRow } from "./supervisor.ts";
import { CONFIG_APPLIED, CONFIG_EFFECT, ROSTER_PUT } from "./types.ts";
import type { ApplyConfig, Command, ConfigApplied, ConfigEffect, PutRoster, RollbackConfig, RosterPut } from "./types.ts";

/** A configuration, as JSON. */
export type Document = Record<string, unknown>;

export interface Upon {
  /** Only upon this version. */
  previous?: number;
}

const ENVELOPE = 200; // bytes of a command beside its document

/** Who changes a workspace itself: its structure, and the people who work there. A refused document has all its `faults`. */
export class Administrator {
  readonly client: Client;

  constructor(client: Client) {
    client.needRole(["admin"]);
    this.client = client;
  }

  /** Put a document in force. */
  async applyConfig(document: Document, upon: Upon = {}): Promise<ConfigApplied> {
    return filled(CONFIG_APPLIED, await this.#apply({ type: "apply_config", document, ...upon }));
  }

  /** What applying the document would do. */
  async previewConfig(document: Document, upon: Upon = {}): Promise<ConfigEffect> {
    return filled(CONFIG_EFFECT, await this.#apply({ type: "apply_config", document, ...upon, dry_run: true }));
  }

  /** Put the document of one of the last versions in force anew; people stay as they are. */
  async rollbackConfig(version: number, upon: Upon = {}): Promise<ConfigApplied> {
    return filled(CONFIG_APPLIED, await this.#send({ type: "rollback_config", version, ...upon }));
  }

  /** What bringing the version back would do. */
  async previewRollback(version: number, upon: Upon = {}): Promise<ConfigEffect> {
    return filled(CONFIG_EFFECT, await this.#send({ type: "rollback_config", version, ...upon, dry_run: true }));
  }

  /** Create and change the agents that the rows name; with `removeMissing` agents that no row names leave. */
  async putRoster(rows: readonly RosterRow[], { removeMissing = false, dryRun = false } = {}): Promise<RosterPut> {
    const how = { ...(removeMissing && { remove_missing: true }), ...(dryRun && { dry_run: true }) };
    return filled(ROSTER_PUT, await this.#put({ type: "put_roster", rows, ...how }));
  }

  /** Let an agent leave for good; refused while it has anything in hand. */
  async removeAgent(agent: string): Promise<void> {
    await this.client.send({ type: "remove_agent", agent });
  }

  // What does not fit into a frame goes over HTTP.
  #fits(body: unknown): boolean {
    return bytesOf(JSON.stringify(body)) + ENVELOPE < (this.client.welcome?.limits.frame_bytes ?? 0);
  }

  async #apply(command: ApplyConfig): Promise<object> {
    const { document, previous, dry_run } = command;
    if (this.#fits(document)) return this.#send(command);
    const headers: Record<string, string> = previous === undefined ? {} : { "If-Match": `"${previous}"` };
    const query = { dry_run: dry_run ? 1 : undefined };
    const answer = await this.client.http.change<{ ok?: object }>("PUT", "config", document, { headers, query });
    return answer.ok ?? answer;
  }

  async #put(command: PutRoster): Promise<object> {
    const { rows, remove_missing, dry_run } = command;
    if (this.#fits(rows)) return this.#send(command);
    const query = { remove_missing: remove_missing ? 1 : undefined, dry_run: dry_run ? 1 : undefined };
    return this.client.http.change<object>("PUT", "roster", rows, { query });
  }

  async #send(command: Command & (ApplyConfig | RollbackConfig | PutRoster)): Promise<object> {
    return (await this.client.send(command)).ok as object;
  }
}
