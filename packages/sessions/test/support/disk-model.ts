/** A number from 0 to below `limit`. */
export type Random = (limit: number) => number;

/** The same numbers for the same seed, on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** What a disk holds: files, and directories by name. */
export type Tree = Map<string, Tree | Buffer>;

type DiskNode = DiskFile | DiskDirectory;

interface Write {
  readonly at: number;
  readonly offset: number;
  /** Absent when the file was cut to `offset`. */
  readonly bytes?: Buffer;
}

interface NameChange {
  readonly at: number;
  readonly removed?: string;
  readonly added?: string;
  readonly node: DiskNode;
}

/** A file: what the disk has for certain, and what it may have. */
export class DiskFile {
  durable: Buffer = Buffer.alloc(0);
  pending: Write[] = [];
}

/** A directory: the names that count now, those the disk has for certain, and what it may have of the rest. */
export class DiskDirectory {
  readonly names: Map<string, DiskNode> = new Map();
  durable: Map<string, DiskNode> = new Map();
  pending: NameChange[] = [];
}

/**
 * What a disk promises, and no more. Only a sync makes things certain: that of a file its content, that of a directory
 * its names, and neither one the other. Whatever else was done may have reached the disk or not, in any order and in
 * parts: each sector of a write on its own, a length without the bytes (which then are zeros), each name on its own. A
 * rename happens or does not.
 */
export class DiskModel {
  readonly top: DiskDirectory = new DiskDirectory();
  #now = 0;

  /** What stands at a path of names; `undefined` when nothing does. */
  find(path: readonly string[]): DiskNode | undefined {
    let node: DiskNode | undefined = this.top;
    for (const name of path) node = node instanceof DiskDirectory ? node.names.get(name) : undefined;
    return node;
  }

  directory(path: readonly string[]): DiskDirectory {
    const node = this.find(path);
    if (node instanceof DiskDirectory) return node;
    throw new Error(`the model has no directory \`${path.join("/")}\``);
  }

  add(path: readonly string[], node: DiskNode): void {
    const name = path.at(-1) ?? "";
    const directory = this.directory(path.slice(0, -1));
    directory.names.set(name, node);
    directory.pending.push({ at: this.#tick(), added: name, node });
  }

  remove(path: readonly string[]): void {
    const name = path.at(-1) ?? "";
    const directory = this.directory(path.slice(0, -1));
    const node = directory.names.get(name);
    if (node === undefined) return;
    directory.names.delete(name);
    directory.pending.push({ at: this.#tick(), removed: name, node });
  }

  /** A rename inside one directory. */
  rename(path: readonly string[], added: string): void {
    const removed = path.at(-1) ?? "";
    const directory = this.directory(path.slice(0, -1));
    const node = directory.names.get(removed);
    if (node === undefined) throw new Error(`the model has no \`${path.join("/")}\``);
    directory.names.delete(removed);
    directory.names.set(added, node);
    directory.pending.push({ at: this.#tick(), removed, added, node });
  }

  write(file: DiskFile, offset: number, bytes: Buffer): void {
    file.pending.push({ at: this.#tick(), offset, bytes: Buffer.from(bytes) });
  }

  cut(file: DiskFile, length: number): void {
    file.pending.push({ at: this.#tick(), offset: length });
  }

  /** Begins a sync; what was done before is certain once the result is called. */
  beginSync(node: DiskNode): () => void {
    const begun = this.#tick();
    return () => {
      if (node instanceof DiskFile) node.durable = written(node.durable, earlier(node.pending, begun));
      else for (const change of earlier(node.pending, begun)) rename(node.durable, change);
      drop(node, begun);
    };
  }

  /**
   * A sync that failed. The system takes what it could not write for written: some of it reached the disk, and no later
   * sync brings the rest. Names are kept for a later one: a file system that fails at those stops.
   */
  failSync(node: DiskNode, random: Random): void {
    if (node instanceof DiskDirectory) return;
    node.durable = torn(node.durable, node.pending, random);
    node.pending = [];
  }

  /** What the disk holds when the power is gone now. */
  afterPowerCut(random: Random): Tree {
    const ordered = random(3) === 0 ? random(this.#now + 1) : undefined;
    const files = new Map<DiskFile, Buffer>();
    const contentOf = (file: DiskFile): Buffer => {
      const known = files.get(file);
      if (known !== undefined) return known;
      const { durable, pending } = file;
      const content =
        ordered === undefined ? torn(durable, pending, random) : written(durable, earlier(pending, ordered));
      files.set(file, content);
      return content;
    };
    const namesOf = ({ durable, pending }: DiskDirectory): Tree => {
      const names = new Map(durable);
      const chosen = ordered === undefined ? someOf(pending, random) : earlier(pending, ordered);
      for (const change of chosen) rename(names, change);
      return new Map(
        [...names].map(([name, node]) => [name, node instanceof DiskFile ? contentOf(node) : namesOf(node)]),
      );
    };
    return namesOf(this.top);
  }

  #tick(): number {
    this.#now += 1;
    return this.#now;
  }
}

/** A model of a disk that holds a tree, all of it certain. */
export function modelOf(tree: Tree): DiskModel {
  const model = new DiskModel();
  const fill = (directory: DiskDirectory, names: Tree): void => {
    for (const [name, content] of names) {
      const node = content instanceof Map ? new DiskDirectory() : new DiskFile();
      if (node instanceof DiskFile) node.durable = content as Buffer;
      else fill(node, content as Tree);
      directory.names.set(name, node);
      directory.durable.set(name, node);
    }
  };
  fill(model.top, tree);
  return model;
}

const sector = 512;

function earlier<T extends { readonly at: number }>(changes: readonly T[], time: number): readonly T[] {
  return changes.filter(({ at }) => at < time);
}

function drop(node: DiskNode, time: number): void {
  if (node instanceof DiskFile) node.pending = node.pending.filter(({ at }) => at >= time);
  else node.pending = node.pending.filter(({ at }) => at >= time);
}

function rename(names: Map<string, DiskNode>, { removed, added, node }: NameChange): void {
  if (removed !== undefined && names.get(removed) === node) names.delete(removed);
  if (added !== undefined) names.set(added, node);
}

function someOf<T>(changes: readonly T[], random: Random): readonly T[] {
  switch (random(4)) {
    case 0:
      return [];
    case 1:
      return changes;
    case 2:
      return changes.slice(0, random(changes.length + 1));
    default:
      return changes.filter(() => random(2) === 0);
  }
}

/** The content after writes. */
function written(content: Buffer, writes: readonly Write[]): Buffer {
  let result = content;
  for (const { offset, bytes } of writes) {
    if (bytes === undefined) {
      result = result.subarray(0, offset);
      continue;
    }
    const next = Buffer.alloc(Math.max(result.length, offset + bytes.length));
    result.copy(next);
    bytes.copy(next, offset);
    result = next;
  }
  return result;
}

/** The content after some of the writes, or parts of them. */
function torn(content: Buffer, writes: readonly Write[], random: Random): Buffer {
  if (writes.length === 0) return content;
  switch (random(4)) {
    case 0:
      return content;
    case 1:
      return written(content, writes);
    case 2: {
      const done = random(writes.length);
      const before = written(content, writes.slice(0, done));
      return mixed(before, written(before, writes.slice(done, done + 1)), random);
    }
    default:
      return mixed(content, written(content, writes), random);
  }
}

/** Sectors of one and of the other; the length of either, or between the two. Where there is a length and no sector, zeros. */
function mixed(before: Buffer, after: Buffer, random: Random): Buffer {
  const least = Math.min(before.length, after.length);
  const grown = Math.max(before.length, after.length) - least;
  const lengths = [before.length, after.length, least + random(grown + 1)];
  const result = Buffer.alloc(lengths[random(lengths.length)] as number);
  // Few sectors missing, or few that are there.
  const odds = random(3);
  for (let start = 0; start < result.length; start += sector) {
    const isNew = odds === 0 ? random(2) === 0 : odds === 1 ? random(6) === 0 : random(6) > 0;
    (isNew ? after : before).subarray(start, start + sector).copy(result, start);
  }
  return result;
}
