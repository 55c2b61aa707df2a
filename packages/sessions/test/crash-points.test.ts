import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { StrandsError } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { modelEntry } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { childCommand, startChild } from "./support/run-child.js";
import { runClaim, temporaryDirectory } from "./support/session-directory.js";

const soak = process.env["STRANDS_SOAK"] !== undefined;
const entryCount = 12;
const calls =
  "openat,pwrite64,fdatasync,fsync,link,linkat,unlink,rename,renameat,renameat2,mkdir,utimensat,ftruncate,close";

/** Whether `strace` is here and may trace. */
const canTrace = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "true"]).status === 0;

/** A system call at which the child is killed: the `nth` of its name, in the thread that makes most of them. */
interface CrashPoint {
  readonly call: string;
  readonly nth: number;
}

function traced(log: string, options: readonly string[], directory: string): readonly string[] {
  const command = childCommand("work", directory, String(entryCount));
  return ["strace", "-f", "-qq", "-y", "-o", log, ...options, ...command];
}

// One thread for file calls, so that the same call has the same number every time.
const env = { UV_THREADPOOL_SIZE: "1" };

/** Every storage call the child makes on its session directory, in order. */
async function findCrashPoints(): Promise<readonly CrashPoint[]> {
  const directory = join(temporaryDirectory(), "sessions");
  const log = join(temporaryDirectory(), "calls");
  const said = await startChild(traced(log, ["-e", `trace=${calls}`], directory), env).ended;
  expect(said.at(-1)).toBe("done");
  const counts = new Map<string, number>();
  const points: CrashPoint[] = [];
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [, thread, call] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (thread === undefined || call === undefined) continue;
    const nth = (counts.get(`${thread} ${call}`) ?? 0) + 1;
    counts.set(`${thread} ${call}`, nth);
    if (line.includes(directory)) points.push({ call, nth });
  }
  return points;
}

describe.skipIf(!canTrace)("a process killed at a storage call (needs strace)", () => {
  it("leaves no session or a whole one, with everything it acknowledged once", { timeout: 1_200_000 }, async () => {
    const points = await findCrashPoints();
    expect(points.length).toBeGreaterThan(60);
    const step = soak ? 1 : Math.ceil(points.length / 28);
    const chosen = points.filter((_, i) => i % step === 0);
    let killed = 0;
    for (const point of chosen) if (await crashAt(point)) killed += 1;
    // A call may have another number in a run of its own; most must be where they were.
    expect(killed).toBeGreaterThan(chosen.length * 0.9);
  });
});

/** Kills a child there and checks what it left. Gives whether it was killed. */
async function crashAt({ call, nth }: CrashPoint): Promise<boolean> {
  const root = temporaryDirectory();
  const directory = join(root, "sessions");
  const inject = ["-e", `trace=${call}`, "-e", `inject=${call}:signal=KILL:when=${nth}`];
  const said = await startChild(traced("/dev/null", inject, directory), env).ended;
  const where = `${call} ${nth}, after ${said.at(-1) ?? "nothing"}`;
  expect(said.filter((line) => line.startsWith("error"))).toEqual([]);
  const acknowledged = said.filter((line) => line.startsWith("ack ")).map((line) => line.split(" ")[2]);

  const repository = createFileRepository({ directory });
  const page = await repository.list();
  expect([where, page.notices]).toEqual([where, []]);
  if (!existsSync(join(directory, "one"))) {
    expect([where, page.sessions, said.includes("created")]).toEqual([where, [], false]);
    return true;
  }
  const { entries, epoch } = await repository.load("one").catch((error: unknown) => {
    throw new Error(`${where}: ${StrandsError.isInstance(error) ? error.message : String(error)}`);
  });
  const keys = entries.map(({ key }) => key);
  expect([where, keys.slice(0, acknowledged.length)]).toEqual([where, acknowledged]);
  // At most the append in flight was recorded and not acknowledged.
  expect(keys.length - acknowledged.length).toBeLessThanOrEqual(2);
  expect(new Set(keys).size).toBe(keys.length);
  const isOver = keys.at(-1) === "end";
  expect([where, page.sessions.map(({ status }) => status)]).toEqual([where, [isOver ? "cancelled" : "running"]]);

  // Its owner is gone, so nothing has to be waited for.
  const claim = await repository.claim("one", runClaim(epoch, entries.length));
  const seq = entries.length + 1;
  await claim.append(seq, [{ ...modelEntry(seq, claim.epoch), key: "resumed" }]);
  await claim.release();
  const { entries: after, notices } = await createFileRepository({ directory }).load("one");
  expect([where, after.map(({ key }) => key), notices]).toEqual([where, [...keys, "resumed"], []]);
  expect(readdirSync(join(directory, "one")).filter((name) => name.startsWith("."))).toEqual([]);
  return said.at(-1) !== "done";
}
