import { Client } from "../src/sdk/client";
import type { ClientOptions } from "../src/sdk/client";
import type { FetchInit } from "../src/sdk/http";
import { FakeSocket, HandClock, settle } from "./fakes";

interface Asked extends FetchInit {
  url: string;
  answer(body: unknown, status?: number): Promise<void>;
  fail(): Promise<void>;
}

/** A client whose sockets, requests and clock are the test's. */
export class World {
  readonly clock = new HandClock();
  readonly sockets: FakeSocket[] = [];
  /** Requests by HTTP, unanswered until the test says so. */
  readonly asked: Asked[] = [];
  readonly client: Client;

  constructor(options: Partial<ClientOptions> = {}) {
    this.client = new Client({
      url: "http://here",
      workspace: "acme",
      token: "t-1",
      openSocket: () => this.sockets[this.sockets.push(new FakeSocket()) - 1]!,
      fetch: (url, init) => this.#fetch(url, init),
      clock: this.clock,
      random: () => 0.5,
      ...options,
    });
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1)!;
  }

  /** Connect, with what `FakeSocket.welcome` takes. */
  async open(...welcome: Parameters<FakeSocket["welcome"]>): Promise<void> {
    const opened = this.client.open();
    await settle();
    this.socket.welcome(...welcome);
    await opened;
  }

  /** Lose the connection and dial anew. */
  async lose(): Promise<void> {
    this.socket.end(1006);
    this.clock.advance(500);
    await settle();
  }

  #fetch(url: string, init: FetchInit): Promise<{ ok: boolean; status: number; json: () => Promise<unknown>; text: () => Promise<string> }> {
    return new Promise((resolve, reject) => {
      const answer = (body: unknown, status = 200): Promise<void> => {
        resolve({ ok: status < 300, status, json: async () => body, text: async () => String(body) });
        return settle();
      };
      const fail = (): Promise<void> => (reject(new TypeError("fetch failed")), settle());
      this.asked.push({ url, ...init, answer, fail });
    });
  }
}
