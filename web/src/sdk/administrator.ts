import type { Client } from "./client.ts";
import { previewConfig, previewRollback, sendConfig, sendRoster } from "./configuration.ts";
import type { Document, Upon } from "./configuration.ts";
import { filled } from "./filled.ts";
import type { RosterRow } from "./supervisor.ts";
import { CONFIG_APPLIED, ROSTER_PUT } from "./types.ts";
import type { ConfigApplied, ConfigEffect, RosterPut } from "./types.ts";

/** Who changes a workspace itself: its structure, and the people who work there. A refused document has all its `faults`. */
export class Administrator {
  readonly client: Client;

  constructor(client: Client) {
    client.needRole(["admin"]);
    this.client = client;
  }

  /** Put a document in force. */
  async applyConfig(document: Document | string, upon: Upon = {}): Promise<ConfigApplied> {
    return filled(CONFIG_APPLIED, await sendConfig(this.client, { type: "apply_config", document, ...upon }));
  }

  /** What applying the document would do. */
  previewConfig(document: Document, upon?: Upon): Promise<ConfigEffect> {
    return previewConfig(this.client, document, upon);
  }

  /** Put the document of one of the last versions in force anew; people stay as they are. */
  async rollbackConfig(version: number, upon: Upon = {}): Promise<ConfigApplied> {
    const { ok } = await this.client.send({ type: "rollback_config", version, ...upon });
    return filled(CONFIG_APPLIED, ok as object);
  }

  /** What bringing the version back would do. */
  previewRollback(version: number, upon?: Upon): Promise<ConfigEffect> {
    return previewRollback(this.client, version, upon);
  }

  /** Create and change the agents that the rows name; with `removeMissing` agents that no row names leave. */
  async putRoster(rows: readonly RosterRow[], { removeMissing = false, dryRun = false } = {}): Promise<RosterPut> {
    const how = { ...(removeMissing && { remove_missing: true }), ...(dryRun && { dry_run: true }) };
    return filled(ROSTER_PUT, await sendRoster(this.client, { type: "put_roster", rows, ...how }));
  }

  /** Erase what is said of a customer, on this many live cases at once, of ended ones by the history soon. */
  async eraseCustomer(customer: string): Promise<number> {
    const { ok } = await this.client.send({ type: "erase_customer", customer });
    return (ok as { erased: number }).erased;
  }

  /** Let an agent leave for good; refused while it has anything in hand. */
  async removeAgent(agent: string): Promise<void> {
    await this.client.send({ type: "remove_agent", agent });
  }
}
