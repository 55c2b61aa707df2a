/** A signal that many short calls can listen to cheaply: one listener on the signal, a set of functions behind it. */
export class Cancellation {
  readonly #controller = new AbortController();
  readonly signal: AbortSignal = this.#controller.signal;
  readonly #listeners = new Set<(reason: unknown) => void>();

  #cancelled = false;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Throws the reason once it is cancelled. */
  throwIfCancelled(): void {
    if (this.#cancelled) throw this.signal.reason;
  }

  /** Cancels, once; later reasons are ignored. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#controller.abort(reason);
    for (const listener of [...this.#listeners]) listener(reason);
    this.#listeners.clear();
  }

  /** Calls the function when it is cancelled. Returns the function that stops listening. */
  onCancel(listener: (reason: unknown) => void): () => void {
    if (this.#cancelled) {
      listener(this.signal.reason);
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A cancellation that also happens when this one does. `detach` ends the connection. */
  child(): { readonly cancellation: Cancellation; readonly detach: () => void } {
    const cancellation = new Cancellation();
    return { cancellation, detach: this.onCancel((reason) => cancellation.cancel(reason)) };
  }

  /** Settles as the work does, or rejects at once when cancelled: work that ignores its signal holds up nothing. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const off = this.onCancel(reject);
      work.then(
        (value) => {
          off();
          resolve(value);
        },
        (error: unknown) => {
          off();
          reject(error);
        },
      );
    });
  }
}
