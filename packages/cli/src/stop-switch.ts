import { type ExitCode, exitCodes } from "./exit-codes.js";
import type { StopSignal } from "./io.js";

/** Every signal that stops a command, with the exit code it stands for. */
export const stopCodes: Readonly<Record<StopSignal, ExitCode>> = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
};

/** Every signal that stops a command. */
export const stopSignals = Object.keys(stopCodes) as readonly StopSignal[];

/** Decides what a signal does: the first one goes to who listens, any other ends the process. */
export class StopSwitch {
  readonly #exit: (code: number) => void;
  readonly #listeners = new Set<(signal: StopSignal) => void>();
  #stopping = false;

  /** @param exit ends the process at once */
  constructor(exit: (code: number) => void) {
    this.#exit = exit;
  }

  /** Calls the listener on the first signal. Returns the function that stops listening. */
  onStop(listener: (signal: StopSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A signal has come. */
  signal(signal: StopSignal): void {
    if (this.#stopping || this.#listeners.size === 0) {
      this.#exit(stopCodes[signal]);
      return;
    }
    this.#stopping = true;
    for (const listener of [...this.#listeners]) listener(signal);
  }
}
