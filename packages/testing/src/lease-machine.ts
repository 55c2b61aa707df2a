/** A machine as leases see it: its name, and time that only passes when somebody sleeps. */
export interface LeaseMachine {
  readonly host: string;
  readonly leaseMs: number;
  readonly time: LeaseMachineTime;
}

export interface LeaseMachineTime {
  monotonicMs(): number;
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  every(ms: number, tick: () => unknown): () => void;
}

/** Time that several machines share, each with its own idea of how late it is. */
export class SharedTime {
  #now = 0;
  readonly #timers: Set<Timer> = new Set();
  /** How long somebody slept, in all. */
  get sleptMs(): number {
    return this.#now;
  }

  /** Lets time pass, with every tick that falls into it done. */
  async pass(ms: number): Promise<void> {
    this.#now += ms;
    for (const timer of this.#timers) {
      for (; timer.next <= this.#now && this.#timers.has(timer); timer.next += timer.every) await timer.tick();
    }
  }

  /**
   * A machine in this time.
   * @param options.aheadMs how far its clock is ahead
   * @param options.dead its timers never fire
   */
  machine(host: string, options: MachineOptions = {}): LeaseMachine {
    const { leaseMs = 900, aheadMs = 0, dead = false } = options;
    return {
      host,
      leaseMs,
      time: {
        monotonicMs: () => this.#now + aheadMs,
        sleep: async (ms, signal) => {
          await this.pass(ms);
          signal?.throwIfAborted();
        },
        every: (ms, tick) => {
          if (dead) return () => {};
          const timer = { every: ms, next: this.#now + ms, tick };
          this.#timers.add(timer);
          return () => {
            this.#timers.delete(timer);
          };
        },
      },
    };
  }
}

export interface MachineOptions {
  readonly leaseMs?: number;
  readonly aheadMs?: number;
  readonly dead?: boolean;
}

interface Timer {
  readonly every: number;
  next: number;
  readonly tick: () => unknown;
}
