import { nextTurn } from "./next-turn.js";

/** Beginnings after which everything else in the process gets its turn. */
const perTurn = 100;

/** Spreads work that begins all at once over several turns of the event loop, so that a burst does not hold up the rest. */
export class Pacer {
  #begun = 0;
  #turn: Promise<void> = Promise.resolve();

  /** Resolves when the next piece of work may begin: at once unless many have begun just now. */
  turn(): Promise<void> {
    this.#begun += 1;
    if (this.#begun % perTurn === 0) this.#turn = this.#turn.then(nextTurn);
    return this.#turn;
  }
}
