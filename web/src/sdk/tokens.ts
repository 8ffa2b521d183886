export type GetToken = () => Promise<string | null>;

/** The token that is used until it is refused; then `getToken` is asked for another, once at a time. */
export class Tokens {
  readonly #getToken: GetToken;
  #token: string | null;
  #asking: Promise<string | null> | null = null;

  constructor(token: string | undefined, getToken: GetToken = () => Promise.resolve(null)) {
    this.#token = token ?? null;
    this.#getToken = getToken;
  }

  /** The token in use, if there is one. */
  get current(): string | null {
    return this.#token;
  }

  set current(token: string) {
    this.#token = token;
  }

  /** The token in use, or another; null: there is none to be had. Rejects as `getToken` does. */
  async get(): Promise<string | null> {
    if (this.#token !== null) return this.#token;
    this.#asking ??= this.#getToken().finally(() => (this.#asking = null));
    return (this.#token = await this.#asking);
  }

  /** The server does not take this one. */
  refuse(token: string): void {
    if (this.#token === token) this.#token = null;
  }
}
