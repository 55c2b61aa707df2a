/** What all providers accept as the name of a tool. */
const unsafe = /[^A-Za-z0-9_-]/g;
const maxLength = 64;

/**
 * Names of tools as providers accept them. Ids of a spec may hold `.` and `:` and be longer; providers take
 * `[A-Za-z0-9_-]`, at most 64 characters, a letter or `_` first. Ids that come out alike are told apart by a number.
 */
export class ToolNames {
  readonly #safe = new Map<string, string>();
  readonly #ids = new Map<string, string>();

  constructor(ids: Iterable<string>) {
    for (const id of ids) this.#add(id);
  }

  /** The name to tell the provider. An id that was not declared is made safe on its own: it stands in old messages. */
  toProvider(id: string): string {
    return this.#safe.get(id) ?? safeName(id);
  }

  /** The id behind a name that the provider gave; the name itself when it is of no tool. */
  fromProvider(name: string): string {
    return this.#ids.get(name) ?? name;
  }

  #add(id: string): void {
    const plain = safeName(id);
    let name = plain;
    for (let count = 2; this.#ids.has(name); count += 1) {
      const ending = `_${count}`;
      name = plain.slice(0, maxLength - ending.length) + ending;
    }
    this.#safe.set(id, name);
    this.#ids.set(name, id);
  }
}

function safeName(id: string): string {
  const plain = id.replace(unsafe, "_");
  return (/^[A-Za-z_]/.test(plain) ? plain : `_${plain}`).slice(0, maxLength);
}
