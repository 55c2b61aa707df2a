import type { Seat } from "./seat.js";

/** The lines of work that seats are for. */
export interface Lines {
  /** The next line that may begin, by its number, if there is one now. */
  next(): number | undefined;
  /** Begins a line. It must end its place once, in a later turn. */
  begin(line: number, place: Place): void;
}

/** Lets lines of work go on side by side, so many at a time; one that comes back goes before one that begins. */
export class Seats {
  readonly #limit: number;
  readonly #outer: Seat;
  readonly #lines: Lines;
  /** The outer seat, while it is held or on its way. */
  #held: Promise<void> | undefined = Promise.resolve();
  #seated = 0;
  #coming = 0;
  #away = 0;
  /** Lines that would come back and find no room. */
  readonly #queue: (() => void)[] = [];
  #filling = false;
  #done = (): void => {};

  /** @param outer given up while no line has a seat */
  constructor(limit: number, outer: Seat, lines: Lines) {
    this.#limit = limit;
    this.#outer = outer;
    this.#lines = lines;
  }

  /** Resolves when every line that could begin has ended. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#settle();
    });
  }

  #settle(): void {
    // A line that leaves while it begins is seen by the loop that let it begin.
    if (this.#filling) return;
    this.#filling = true;
    while (this.#seated < this.#limit && this.#fill()) {}
    this.#filling = false;
    if (this.#seated + this.#coming > 0) return;
    if (this.#away === 0) {
      this.#done();
    } else if (this.#held !== undefined) {
      this.#held = undefined;
      this.#outer.leave();
    }
  }

  #fill(): boolean {
    const back = this.#queue.shift();
    const line = back === undefined ? this.#lines.next() : undefined;
    if (back === undefined && line === undefined) return false;
    this.#seated += 1;
    back?.();
    if (line !== undefined) this.#lines.begin(line, new Place(this));
    return true;
  }

  /** A line has got up. */
  left(): void {
    this.#seated -= 1;
    this.#away += 1;
    this.#settle();
  }

  /** A line comes back; resolves when it sits. */
  async comeBack(): Promise<void> {
    this.#away -= 1;
    this.#coming += 1;
    this.#held ??= this.#outer.enter();
    await this.#held;
    if (this.#seated < this.#limit) this.#seated += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#coming -= 1;
  }

  /** A line has ended, on its seat or away from it. */
  ended(seated: boolean): void {
    if (seated) this.#seated -= 1;
    else this.#away -= 1;
    this.#settle();
  }
}

/** A line's seat, as the line holds it. */
export class Place implements Seat {
  readonly #seats: Seats;
  #seated = true;

  constructor(seats: Seats) {
    this.#seats = seats;
  }

  leave(): void {
    this.#seated = false;
    this.#seats.left();
  }

  async enter(): Promise<void> {
    await this.#seats.comeBack();
    this.#seated = true;
  }

  /** The line has ended. */
  end(): void {
    this.#seats.ended(this.#seated);
  }
}
