import { join } from "node:path";
import { StrandsError } from "@strands/core";
import { describe, expect, it, vi } from "vitest";
import { runOn, type Seen, storyOf } from "./support/client-workload.js";
import { seededRandom } from "./support/disk-model.js";
import { checkComplete, checkStored, goOn, openAs, toldNothing } from "./support/file-workload.js";
import { fastDirectory } from "./support/session-directory.js";
import { type CallName, type Fault, watchedDisk } from "./support/watched-disk.js";

vi.mock("node:fs", async (original) => {
  const { watchedDisk: disk } = await import("./support/watched-disk.js");
  return disk.replace(await original<typeof import("node:fs")>());
});

const soak = process.env["STRANDS_SOAK"] === "1";

const changes: readonly CallName[] = [
  "create",
  "write",
  "truncate",
  "mkdir",
  "link",
  "rename",
  "unlink",
  "rmdir",
  "utimes",
];
const all: readonly CallName[] = [...changes, "open", "read", "close", "sync", "stat", "names"];

const faults: Readonly<Record<string, Fault>> = {
  "a full disk": { errno: "ENOSPC", calls: ["create", "write", "mkdir", "link", "rename", "sync"], moment: "before" },
  "a broken disk": { errno: "EIO", calls: all, moment: "before" },
  "a broken disk that does what it says it cannot": { errno: "EIO", calls: [...changes, "close"], moment: "after" },
  "a link that is made all the same": { errno: "EIO", calls: ["link"], moment: "after" },
  "a close that says it failed": { errno: "EIO", calls: ["close"], moment: "before" },
  "a look for a successor that fails": { errno: "EIO", calls: ["stat"], files: /fence-/, moment: "before" },
  "a lease that cannot be looked at": { errno: "EIO", calls: ["stat"], files: /released-/, moment: "before" },
  "a summary that cannot be changed": {
    errno: "EACCES",
    calls: ["create", "unlink", "rename"],
    files: /summary/,
    moment: "before",
  },
  "a file that cannot be read": { errno: "EIO", calls: ["read"], moment: "before" },
  "a name that cannot be removed": { errno: "EIO", calls: ["unlink", "rmdir"], moment: "before" },
  "too many open files": { errno: "EMFILE", calls: ["open", "create", "names"], moment: "before" },
  "a lost permission": {
    errno: "EACCES",
    calls: ["open", "create", "mkdir", "link", "rename", "unlink", "rmdir", "stat", "names", "utimes"],
    moment: "before",
  },
  "a write cut short": { errno: "ENOSPC", calls: ["write"], moment: "short" },
  "a failed sync": { errno: "EIO", calls: ["sync"], moment: "before" },
};

/** How long a fault lasts, and who goes on when it is over. */
const endings = [
  { often: "once", who: "the same process", isLasting: false, isSame: true },
  { often: "once", who: "another process", isLasting: false, isSame: false },
  { often: "for long", who: "the same process", isLasting: true, isSame: true },
  { often: "for long", who: "another process", isLasting: true, isSame: false },
] as const;

/** Work that can be begun again, and what has to be true afterwards. */
interface Work {
  go(process: number): Promise<void>;
  /** When the fault is over and nobody has gone on yet. */
  checkStruck(): Promise<void>;
  checkComplete(): Promise<void>;
}

/** Does the work with a fault at the `nth` call that can have it; gives whether there was one. */
async function strike(work: Work, nth: number, fault: Fault, { isLasting, isSame }: (typeof endings)[number]) {
  watchedDisk.failAt(nth, fault, isLasting);
  const error: unknown = await work.go(1).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const call = watchedDisk.heal();
  try {
    if (error !== undefined) checkError(error, fault.errno);
    await work.checkStruck();
    await work.go(isSame ? 1 : 2);
    await work.checkComplete();
  } catch (cause) {
    throw new Error(`at call ${nth}, ${call}, which gave ${String(error)}: ${String(cause)}`, { cause });
  }
  return call !== undefined;
}

/** The user hears of the fault from us, and what to do about it. */
function checkError(error: unknown, errno: string | undefined): void {
  if (!StrandsError.isInstance(error)) throw error;
  expect([error.code, error.details?.["errno"]]).toEqual(["SESSION_STORAGE", errno]);
  expect(error.hint).toMatch(/\w{3,}.*\.$/);
}

/** So many of the calls that can fail so, others for each ending. */
async function strikeSome(begin: () => Work, fault: Fault, ending: (typeof endings)[number], count: number) {
  const unbroken = begin();
  watchedDisk.failAt(Number.POSITIVE_INFINITY, fault, false);
  await unbroken.go(1);
  const { chances } = watchedDisk;
  expect(chances).toBeGreaterThan(0);
  const step = Math.max(1, Math.ceil(chances / count));
  for (let nth = 1 + (endings.indexOf(ending) % step); nth <= chances; nth += step) {
    expect([nth, await strike(begin(), nth, fault, ending)]).toEqual([nth, true]);
  }
}

/** A disk with nothing on it yet, and repositories there; the first process keeps its own. */
function openDisk(base: string) {
  watchedDisk.watch(base, new Map(), seededRandom(1));
  const directory = join(base, "data", "sessions");
  const first = openAs(1, directory);
  return { directory, open: (process: number) => (process === 1 ? first : openAs(process, directory)) };
}

function newStory(base: string): Work {
  const { directory, open } = openDisk(base);
  const told = toldNothing();
  return {
    go: (process) => goOn(open(process), directory, told),
    checkStruck: () => checkStored(openAs(1, directory), told),
    checkComplete: async () => {
      await checkComplete(open(1), told);
      await checkComplete(open(3), told);
    },
  };
}

function newRun(base: string, expected: unknown): Work {
  const { open } = openDisk(base);
  const seen: Seen = { done: new Set() };
  return {
    go: (process) => runOn(open(process), "workflow", seen),
    checkStruck: async () => {},
    checkComplete: async () => expect(await storyOf(open(3))).toEqual(expected),
  };
}

describe.each(Object.entries(faults))("%s", (_, fault) => {
  it.each(endings)("$often loses nothing, and $who goes on", { timeout: 1_800_000 }, async (ending) => {
    const base = join(fastDirectory(), "disk");
    await strikeSome(() => newStory(base), fault, ending, soak ? Number.POSITIVE_INFINITY : 8);
  });

  it("in the middle of a run leaves the same result and runs no recorded step again", {
    timeout: 1_800_000,
  }, async () => {
    const base = join(fastDirectory(), "disk");
    const { open } = openDisk(base);
    await runOn(open(1), "workflow", { done: new Set() });
    const expected = await storyOf(open(1));
    for (const ending of endings) await strikeSome(() => newRun(base, expected), fault, ending, soak ? 60 : 5);
  });
});

it("a write that stops short goes on where it stopped", { timeout: 1_800_000 }, async () => {
  const base = join(fastDirectory(), "disk");
  const fault: Fault = { calls: ["write"], moment: "short" };
  for (let nth = 1; ; nth += soak ? 1 : 3) {
    const { directory, open } = openDisk(base);
    const told = toldNothing();
    watchedDisk.failAt(nth, fault, false);
    await goOn(open(1), directory, told);
    await checkComplete(open(2), told);
    if (watchedDisk.heal() === undefined) break;
  }
});
