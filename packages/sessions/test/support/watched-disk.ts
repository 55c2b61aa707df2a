import type * as Fs from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { DiskDirectory, DiskFile, type DiskModel, modelOf, type Random, type Tree } from "./disk-model.js";

/** What the file repository asks of a file system. */
export type CallName =
  | "open"
  | "create"
  | "read"
  | "write"
  | "close"
  | "sync"
  | "truncate"
  | "stat"
  | "names"
  | "mkdir"
  | "link"
  | "rename"
  | "unlink"
  | "rmdir"
  | "utimes";

/** How calls fail. */
export interface Fault {
  /** As the system names it; absent when nothing fails and a write only stops short. */
  readonly errno?: string;
  readonly calls: readonly CallName[];
  /** Which files; all when absent. */
  readonly files?: RegExp;
  /** `after`: what was asked for was done all the same. `short`: a part of a write was done, and the next one fails. */
  readonly moment: "before" | "after" | "short";
}

interface Plan {
  readonly fault: Fault;
  /** Which of the calls that can fail so. */
  readonly nth: number;
  readonly isLasting: boolean;
}

/**
 * A real directory, seen through calls of `node:fs` that fail when told to, with a model of what its disk would hold
 * after a power cut. Calls elsewhere go by untouched.
 */
class WatchedDisk {
  #base: string | undefined;
  #model: DiskModel = modelOf(new Map());
  #random: Random = () => 0;
  readonly #open = new Map<number, { readonly path: string; readonly node: DiskFile | DiskDirectory | undefined }>();
  #plan: Plan | undefined;
  #death: { readonly nth: number; readonly name: CallName | undefined } | undefined;
  /** How many calls could have been the last so far. */
  #calls = 0;
  #dead = false;
  #struck: string | undefined;
  #chances = 0;
  #real: typeof Fs | undefined;

  /** Puts a tree into an empty directory and watches it from now on. */
  watch(base: string, tree: Tree, random: Random): void {
    const { mkdirSync, rmSync } = this.#fs;
    this.#base = undefined;
    rmSync(base, { recursive: true, force: true });
    mkdirSync(base, { recursive: true });
    this.#put(base, tree);
    this.#base = base;
    this.#model = modelOf(tree);
    this.#random = random;
    this.#open.clear();
    this.heal();
  }

  /** Everything works again; says which call had failed. */
  heal(): string | undefined {
    const struck = this.#struck;
    this.#plan = undefined;
    this.#struck = undefined;
    this.#chances = 0;
    this.#calls = 0;
    this.#death = undefined;
    this.#dead = false;
    return struck;
  }

  /** From now on, the `nth` call that can fail so does, counted from 1. */
  failAt(nth: number, fault: Fault, isLasting: boolean): void {
    this.#plan = { fault, nth, isLasting };
  }

  /** Who makes calls now is gone when it makes the `nth` one, of a name if need be: it and all later ones are not done. */
  dieAt(nth: number, name?: CallName): void {
    this.#death = { nth, name };
  }

  /** Which call has failed. */
  get struck(): string | undefined {
    return this.#struck;
  }

  /** How many calls could have failed so since the fault was set. */
  get chances(): number {
    return this.#chances;
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** What is there after a power cut at this moment. */
  powerCut(): Tree {
    return this.#model.afterPowerCut(this.#random);
  }

  /** `node:fs` with the calls that the repository makes replaced. */
  replace(real: typeof Fs): object {
    this.#real = real;
    const openSync = (path: string, flags: string, mode?: number): number => this.#openFile(path, flags, mode);
    const writeSync = (fd: number, bytes: Buffer, from: number, length: number, at: number): number =>
      this.#write(fd, bytes.subarray(from, from + length), at);
    const closeSync = (fd: number): void => this.#close(fd);
    const readFileSync = (path: string | number, ...rest: never[]): unknown =>
      typeof path === "string" && this.#isInside(path)
        ? this.#withFile(path, "r", 0o600, (fd) => this.#call("read", path, () => real.readFileSync(fd, ...rest)))
        : this.#call("read", this.#pathOf(path), () => real.readFileSync(path, ...rest));
    const writeFileSync = (path: string, text: string, options?: { readonly flag?: string; readonly mode?: number }) =>
      this.#withFile(path, options?.flag ?? "w", options?.mode ?? 0o666, (fd) => {
        const bytes = Buffer.from(text);
        for (let done = 0; done < bytes.length; ) done += this.#write(fd, bytes.subarray(done), done);
      });
    const statSync = (path: string, options?: object): unknown =>
      this.#call("stat", path, () => real.statSync(path, options as never));
    const sync = (fd: number, done: (error: Error | null) => void): void => this.#sync(fd, done);
    return {
      ...real,
      openSync,
      closeSync,
      writeSync,
      writeFileSync,
      readFileSync,
      readSync: (fd: number, ...rest: never[]) =>
        this.#call("read", this.#pathOf(fd), () => (real.readSync as (...args: unknown[]) => number)(fd, ...rest)),
      statSync,
      fstatSync: (fd: number, options?: object) =>
        this.#call("stat", this.#pathOf(fd), () => real.fstatSync(fd, options as never)),
      // The real one takes every failure for absence, too.
      existsSync: (path: string) => {
        try {
          return this.#call("stat", path, () => real.existsSync(path));
        } catch {
          return false;
        }
      },
      readdirSync: (path: string, options?: object) =>
        this.#call("names", path, () => real.readdirSync(path, options as never)),
      mkdirSync: (path: string, options?: { readonly recursive?: boolean; readonly mode?: number }) =>
        this.#makeDirectory(path, options),
      renameSync: (from: string, to: string) =>
        this.#change("rename", from, () => {
          real.renameSync(from, to);
          this.#model.rename(this.#names(from), basename(to));
        }),
      linkSync: (from: string, to: string) =>
        this.#change("link", to, () => {
          real.linkSync(from, to);
          const node = this.#model.find(this.#names(from));
          if (node !== undefined) this.#model.add(this.#names(to), node);
        }),
      unlinkSync: (path: string) => this.#unlink(path),
      rmSync: (path: string, options?: { readonly force?: boolean }) => this.#remove(path, options),
      utimesSync: (path: string, ...times: [number, number]) =>
        this.#call("utimes", path, () => real.utimesSync(path, ...times)),
      ftruncateSync: (fd: number, length: number) =>
        this.#change("truncate", this.#pathOf(fd), () => {
          real.ftruncateSync(fd, length);
          const node = this.#open.get(fd)?.node;
          if (node instanceof DiskFile) this.#model.cut(node, length);
        }),
      fsync: sync,
      fdatasync: sync,
    };
  }

  get #fs(): typeof Fs {
    if (this.#real === undefined) throw new Error("the test does not mock `node:fs`");
    return this.#real;
  }

  #put(directory: string, tree: Tree): void {
    for (const [name, content] of tree) {
      const path = join(directory, name);
      if (content instanceof Map) {
        this.#fs.mkdirSync(path);
        this.#put(path, content);
      } else this.#fs.writeFileSync(path, content);
    }
  }

  #isInside(path: string): boolean {
    return this.#base !== undefined && (path === this.#base || path.startsWith(this.#base + sep));
  }

  #names(path: string): readonly string[] {
    const inside = relative(this.#base ?? "", path);
    return inside === "" ? [] : inside.split(sep);
  }

  #pathOf(file: number | string): string {
    return typeof file === "string" ? file : (this.#open.get(file)?.path ?? "");
  }

  /** Makes a call, or lets it fail. */
  #call<T>(name: CallName, path: string, act: () => T): T {
    if (!this.#isInside(path)) return act();
    const fault = this.#due(name, path);
    if (fault === undefined) return act();
    if (fault.moment === "after") act();
    throw failed(fault.errno, name);
  }

  /** The same for a call that changes what only the model of a watched directory knows. */
  #change(name: CallName, path: string, act: () => void): void {
    if (!this.#isInside(path)) throw new Error(`a change outside of the watched directory: ${name} \`${path}\``);
    this.#call(name, path, act);
  }

  #due(name: CallName, path: string): Fault | undefined {
    if (this.#death !== undefined && (this.#death.name ?? name) === name) {
      this.#calls += 1;
      if (this.#calls >= this.#death.nth) this.#dead = true;
    }
    if (this.#dead) return gone;
    if (this.#plan === undefined) return undefined;
    const { fault, nth, isLasting } = this.#plan;
    if (!fault.calls.includes(name) || fault.files?.test(path) === false) return undefined;
    this.#chances += 1;
    const isDue = isLasting ? this.#chances >= nth : this.#chances === nth;
    if (!isDue) return undefined;
    this.#struck ??= `${name} ${relative(this.#base ?? "", path)}`;
    return fault;
  }

  #openFile(path: string, flags: string, mode: number | undefined): number {
    const { openSync, existsSync } = this.#fs;
    if (!this.#isInside(path)) return openSync(path, flags, mode);
    const isNew = flags.startsWith("w") && !existsSync(path);
    // An open that was done and failed all the same would leave a file that nobody can close.
    return this.#call(isNew ? "create" : "open", path, () => {
      const fd = openSync(path, flags, mode);
      if (isNew) this.#model.add(this.#names(path), new DiskFile());
      const node = this.#model.find(this.#names(path));
      if (flags === "w" && !isNew && node instanceof DiskFile) this.#model.cut(node, 0);
      this.#open.set(fd, { path, node });
      return fd;
    });
  }

  #withFile<T>(path: string, flags: string, mode: number, use: (fd: number) => T): T {
    if (!this.#isInside(path)) throw new Error(`a file outside of the watched directory: \`${path}\``);
    const fd = this.#openFile(path, flags, mode);
    try {
      return use(fd);
    } finally {
      this.#close(fd);
    }
  }

  #write(fd: number, bytes: Buffer, at: number): number {
    const file = this.#open.get(fd);
    const act = (part: Buffer): number => {
      const done = this.#fs.writeSync(fd, part, 0, part.length, at);
      if (file?.node instanceof DiskFile) this.#model.write(file.node, at, part);
      return done;
    };
    if (file === undefined) return act(bytes);
    const fault = this.#due("write", file.path);
    if (fault === undefined) return act(bytes);
    if (fault.moment === "before") throw failed(fault.errno, "write");
    if (fault.moment === "after") {
      act(bytes);
      throw failed(fault.errno, "write");
    }
    const done = act(bytes.subarray(0, Math.ceil(bytes.length / 2)));
    // What stops short says so, and only the next try is told why.
    const isLasting = this.#plan?.isLasting === true;
    this.#plan =
      fault.errno === undefined
        ? undefined
        : { fault: { ...fault, moment: "before" }, nth: this.#chances + 1, isLasting };
    return done;
  }

  #close(fd: number): void {
    const path = this.#pathOf(fd);
    // Whatever close says, the file is closed.
    this.#fs.closeSync(fd);
    this.#open.delete(fd);
    this.#call("close", path, () => {});
  }

  #sync(fd: number, done: (error: Error | null) => void): void {
    const file = this.#open.get(fd);
    if (file?.node === undefined) {
      this.#fs.fsync(fd, done);
      return;
    }
    const { path, node } = file;
    const finish = this.#model.beginSync(node);
    let error: Error | null = null;
    try {
      this.#call("sync", path, () => {});
    } catch (cause) {
      error = cause as Error;
    }
    setImmediate(() => {
      if (this.#dead) done(failed(undefined, "sync"));
      else if (error === null) finish();
      else this.#model.failSync(node, this.#random);
      if (!this.#dead) done(error);
    });
  }

  #makeDirectory(path: string, options: Fs.MakeDirectoryOptions | undefined): string | undefined {
    const { mkdirSync } = this.#fs;
    if (!this.#isInside(path)) return mkdirSync(path, options) as string | undefined;
    return this.#call("mkdir", path, () => {
      const first = mkdirSync(path, options) as string | undefined;
      const top = options?.recursive === true ? first : path;
      if (top === undefined) return undefined;
      const made: string[] = [];
      for (let each = path; each !== dirname(top); each = dirname(each)) made.unshift(each);
      for (const each of made) this.#model.add(this.#names(each), new DiskDirectory());
      return first;
    });
  }

  #unlink(path: string): void {
    this.#change("unlink", path, () => {
      this.#fs.unlinkSync(path);
      this.#model.remove(this.#names(path));
    });
  }

  #remove(path: string, options: { readonly force?: boolean } | undefined): void {
    const { lstatSync, readdirSync, rmdirSync, rmSync } = this.#fs;
    if (!this.#isInside(path)) {
      rmSync(path, options);
      return;
    }
    const status = this.#call("stat", path, () => lstatSync(path, { throwIfNoEntry: false }));
    if (status === undefined) {
      if (options?.force === true) return;
      throw failed("ENOENT", "stat");
    }
    if (!status.isDirectory()) {
      this.#unlink(path);
      return;
    }
    for (const name of this.#call("names", path, () => readdirSync(path))) this.#remove(join(path, name), options);
    this.#change("rmdir", path, () => {
      rmdirSync(path);
      this.#model.remove(this.#names(path));
    });
  }
}

const gone: Fault = { calls: [], moment: "before" };

function failed(errno: string | undefined, call: string): Error {
  const code = errno ?? "EGONE";
  return Object.assign(new Error(`${code}: ${call} failed`), { code, syscall: call });
}

/** The one disk of a test file, which has to mock `node:fs` with {@link WatchedDisk.replace}. */
export const watchedDisk: WatchedDisk = new WatchedDisk();
