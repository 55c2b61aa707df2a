/** Whether a line of work has only repeated so far what earlier runs have recorded, and the lines within it. */
export class Novelty {
  readonly #outer: Novelty | undefined;
  #replaying = true;

  constructor(outer?: Novelty) {
    this.#outer = outer;
  }

  get replaying(): boolean {
    return this.#replaying;
  }

  /** The line does something for the first time. */
  begin(): void {
    if (!this.#replaying) return;
    this.#replaying = false;
    this.#outer?.begin();
  }
}
