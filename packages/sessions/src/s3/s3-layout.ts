import type { ListPlace } from "../storage/list-cursor.js";

/** Keys of the objects. `decisions/0010-repositories.md` describes them. */
export class S3Layout {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** What the records of all generations of an id begin with. */
  records(id: string): string {
    return `${this.#prefix}sessions/${id}/record-`;
  }

  record(id: string, generation: number): string {
    return `${this.records(id)}${digits(generation, 8)}`;
  }

  /** What the objects of one generation begin with, apart from its record. */
  generation(id: string, generation: number): string {
    return `${this.#prefix}sessions/${id}/${digits(generation, 8)}/`;
  }

  log(id: string, generation: number): string {
    return `${this.generation(id, generation)}log/`;
  }

  slot(id: string, generation: number, slot: number): string {
    return `${this.log(id, generation)}${digits(slot, 10)}`;
  }

  summary(id: string, generation: number): string {
    return `${this.generation(id, generation)}summary`;
  }

  beat(id: string, generation: number, token: string): string {
    return `${this.generation(id, generation)}lease/${token}/beat`;
  }

  released(id: string, generation: number, token: string): string {
    return `${this.generation(id, generation)}lease/${token}/released`;
  }

  get index(): string {
    return `${this.#prefix}index/`;
  }

  /** Keys in order are sessions, newest first and then by id. */
  indexed(place: ListPlace, generation: number): string {
    return `${this.indexedBefore(place)}.${digits(generation, 8)}`;
  }

  /** Stands before everything of a session in the index, and behind everything of those before it. */
  indexedBefore({ id, createdAt }: ListPlace): string {
    const thousandths = Math.floor((createdAt % 1) * 1000);
    // Behind the last digit stands `!`, which is less than all that ids are made of.
    return `${this.index}${digits(latest - Math.floor(createdAt), 16)}${digits(999 - thousandths, 3)}!${id}`;
  }

  /** Id and generation from a key of the index. */
  readIndexed(key: string): { readonly id: string; readonly generation: number } | undefined {
    const [, id, generation] = /!([A-Za-z0-9_-]{1,128})\.(\d{8})$/.exec(key) ?? [];
    return id === undefined ? undefined : { id, generation: Number(generation) };
  }
}

/** The last number of a key. */
export function numberOf(key: string): number {
  return Number(/(\d+)$/.exec(key)?.[1] ?? Number.NaN);
}

const latest = 9_007_199_254_740_991;

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
