import type { Client } from "./client.ts";
import { filled } from "./filled.ts";
import { jsonOf } from "./json.ts";
import { bytesOf } from "./requests.ts";
import { CONFIG_EFFECT } from "./types.ts";
import type { ApplyConfig, ConfigEffect, PutRoster } from "./types.ts";

/** A configuration, as JSON. Wherever one is sent it may as well be a text: TOML. */
export type Document = Record<string, unknown>;

export interface Upon {
  /** Only upon this version. */
  previous?: number;
}

const ENVELOPE = 200; // bytes of a command beside its document

function fits(client: Client, body: unknown): boolean {
  return bytesOf(jsonOf(body)) + ENVELOPE < (client.welcome?.limits.frame_bytes ?? 0);
}

/** Send a document; what does not fit into a frame goes over HTTP. */
export async function sendConfig(client: Client, command: ApplyConfig): Promise<object> {
  const { document, previous, dry_run } = command;
  if (fits(client, document)) return (await client.send(command)).ok as object;
  const headers: Record<string, string> = previous === undefined ? {} : { "If-Match": `"${previous}"` };
  if (typeof document === "string") headers["Content-Type"] = "application/toml";
  const query = { dry_run: dry_run ? 1 : undefined };
  const answer = await client.http.change<{ ok?: object }>("PUT", "config", document, { headers, query });
  return answer.ok ?? answer;
}

/** The same of a roster. */
export async function sendRoster(client: Client, command: PutRoster): Promise<object> {
  const { rows, remove_missing, dry_run } = command;
  if (fits(client, rows)) return (await client.send(command)).ok as object;
  const query = { remove_missing: remove_missing ? 1 : undefined, dry_run: dry_run ? 1 : undefined };
  return client.http.change<object>("PUT", "roster", rows, { query });
}

/** What applying a document would do. */
export async function previewConfig(client: Client, document: Document | string, upon: Upon = {}): Promise<ConfigEffect> {
  return filled(CONFIG_EFFECT, await sendConfig(client, { type: "apply_config", document, ...upon, dry_run: true }));
}

/** What bringing a version back would do. */
export async function previewRollback(client: Client, version: number, upon: Upon = {}): Promise<ConfigEffect> {
  const { ok } = await client.send({ type: "rollback_config", version, ...upon, dry_run: true });
  return filled(CONFIG_EFFECT, ok as object);
}
