/** One SDK client per configuration, made on first use and shared by all models of that configuration. */
export class ClientPool<T> {
  readonly #make: (key: string) => Promise<T>;
  readonly #dispose: (client: T) => void;
  readonly #clients = new Map<string, Promise<T>>();

  constructor(make: (key: string) => Promise<T>, dispose: (client: T) => void = () => {}) {
    this.#make = make;
    this.#dispose = dispose;
  }

  /** The client of a configuration. One that could not be made is tried again the next time. */
  get(key: string): Promise<T> {
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = this.#make(key);
      this.#clients.set(key, client);
      client.catch(() => this.#clients.delete(key));
    }
    return client;
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    const clients = [...this.#clients.values()];
    this.#clients.clear();
    for (const made of await Promise.allSettled(clients)) if (made.status === "fulfilled") this.#dispose(made.value);
  }
}
