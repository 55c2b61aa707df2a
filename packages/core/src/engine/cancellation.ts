/** A signal that many short calls can listen to cheaply: one listener on the signal, a set of functions behind it. */
export class Cancellation {
  readonly #listeners = new Set<(reason: unknown) => void>();
  #controller: AbortController | undefined;
  #options: CallOptions | undefined;
  #cancelled = false;
  #reason: unknown;
  readonly #isShared: boolean;

  constructor(isShared = false) {
    this.#isShared = isShared;
  }

  /** Made when it is first asked for: it costs as much as a step, and most models of tests and benchmarks never look. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /**
   * What a call is given; to be ended with it. Where many calls go on at once each has a signal of its own: platforms warn of
   * many listeners on one.
   */
  callOptions(): CallOptions {
    if (this.#isShared) return new CallOptions(this, true);
    this.#options ??= new CallOptions(this, false);
    return this.#options;
  }

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Why it was cancelled. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Throws the reason once it is cancelled. */
  throwIfCancelled(): void {
    if (this.#cancelled) throw this.#reason;
  }

  /** Cancels, once; later reasons are ignored. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of [...this.#listeners]) listener(reason);
    this.#listeners.clear();
  }

  /** Calls the function when it is cancelled, until {@link ignore} takes it back. */
  listen(listener: (reason: unknown) => void): void {
    if (this.#cancelled) listener(this.#reason);
    else this.#listeners.add(listener);
  }

  /** Takes back what {@link listen} was given. */
  ignore(listener: (reason: unknown) => void): void {
    this.#listeners.delete(listener);
  }

  /** Calls the function when it is cancelled. Returns the function that stops listening. */
  onCancel(listener: (reason: unknown) => void): () => void {
    this.listen(listener);
    return () => this.ignore(listener);
  }

  /**
   * A cancellation that also happens when this one does. `detach` ends the connection.
   *
   * @param isShared whether calls that go on at the same time are given it
   */
  child(isShared = false): { readonly cancellation: Cancellation; readonly detach: () => void } {
    const cancellation = new Cancellation(isShared);
    return { cancellation, detach: this.onCancel((reason) => cancellation.cancel(reason)) };
  }

  /** Settles as the work does, or rejects at once when cancelled: work that ignores its signal holds up nothing. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.listen(reject);
      work.then(
        (value) => {
          this.ignore(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.ignore(reject);
          reject(error);
        },
      );
    });
  }
}

/** Options that ask for the signal when somebody looks at it. */
export class CallOptions {
  declare readonly signal: AbortSignal;
  readonly #cancellation: Cancellation;
  readonly #isOwn: boolean;
  #own: ReturnType<Cancellation["child"]> | undefined;

  constructor(cancellation: Cancellation, isOwn: boolean) {
    this.#cancellation = cancellation;
    this.#isOwn = isOwn;
    // A member of its own, so that a copy of the options has it too; one function for all, which is what makes it cheap.
    Object.defineProperty(this, "signal", CallOptions.#signal);
  }

  static readonly #signal: PropertyDescriptor = {
    enumerable: true,
    get(this: CallOptions) {
      return this.#look().signal;
    },
  };

  #look(): Cancellation {
    if (!this.#isOwn) return this.#cancellation;
    this.#own ??= this.#cancellation.child();
    return this.#own.cancellation;
  }

  /** The call is over: its own signal is not followed any more. */
  end(): void {
    this.#own?.detach();
  }
}
