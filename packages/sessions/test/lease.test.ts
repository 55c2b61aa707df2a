import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { SessionClaim } from "@strands/core";
import { sampleRecord } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { FileRepository } from "../src/file/file-repository.js";
import type { LeaseTime } from "../src/storage/lease.js";
import { currentProcess, livenessOf, type ProcessIdentity } from "../src/storage/process-identity.js";
import { failure, recordClaim, runClaim, temporaryDirectory } from "./support/session-directory.js";

/** Time that passes only when somebody sleeps. */
class TestTime implements LeaseTime {
  #now = 0;
  readonly #ticks: { readonly every: number; next: number; readonly tick: () => void }[] = [];
  readonly slept: number[] = [];

  monotonicMs(): number {
    return this.#now;
  }

  async sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    this.slept.push(ms);
    this.#now += ms;
    for (const timer of this.#ticks) {
      for (; timer.next <= this.#now; timer.next += timer.every) timer.tick();
    }
    signal?.throwIfAborted();
  }

  every(ms: number, tick: () => void): () => void {
    const timer = { every: ms, next: this.#now + ms, tick };
    this.#ticks.push(timer);
    return () => {
      this.#ticks.splice(this.#ticks.indexOf(timer), 1);
    };
  }
}

const here = currentProcess();
const elsewhere: ProcessIdentity = { pid: 77, host: "elsewhere", started: "1" };

async function twoMachines(
  leaseMs = 900,
): Promise<{ time: TestTime; theirs: FileRepository; ours: FileRepository; directory: string }> {
  const directory = temporaryDirectory();
  const time = new TestTime();
  const theirs = new FileRepository({ directory, durability: "process", leaseMs }, { time, me: elsewhere });
  const ours = new FileRepository({ directory, durability: "process", leaseMs }, { time });
  await theirs.create(sampleRecord("one"));
  return { time, theirs, ours, directory };
}

describe("a lease held on another machine", () => {
  it("holds while its heartbeat moves", async () => {
    const { theirs, ours, directory, time } = await twoMachines();
    const claim = await theirs.claim("one", runClaim(0, 0, "their runner"));
    const error = await failure(ours.claim("one", runClaim(1, 0)));
    expect(error.code).toBe("SESSION_LEASED");
    expect(error.message).toContain("their runner");
    expect(error.details).toMatchObject({ owner: "their runner", pid: 77, host: "elsewhere" });
    expect(error.retryAfterMs).toBe(900);
    expect(time.monotonicMs()).toBeLessThanOrEqual(450);
    expect(readFileSync(join(directory, "one", "lease-00000001.json"), "utf8")).toBe('{"v":1,"beat":1}\n');
    await claim.release();
  });

  it("ends when its heartbeat has rested for the lease time, and not before", async () => {
    const { theirs, ours, directory, time } = await twoMachines();
    await theirs.create(sampleRecord("two"));
    // A machine whose timers never fire is one that is gone.
    const silent: LeaseTime = { monotonicMs: () => 0, sleep: async () => {}, every: () => () => {} };
    const dead = new FileRepository(
      { directory, durability: "process", leaseMs: 900 },
      { time: silent, me: elsewhere },
    );
    await dead.claim("one", runClaim(0, 0));
    const claim = await ours.claim("one", runClaim(1, 0));
    expect(claim.epoch).toBe(2);
    expect(time.monotonicMs()).toBe(900);
    await claim.release();
    await dead.close();
  });

  it("is watched for the holder's lease time when that is longer", async () => {
    const { ours, directory, time } = await twoMachines(300);
    const silent: LeaseTime = { monotonicMs: () => 0, sleep: async () => {}, every: () => () => {} };
    const dead = new FileRepository(
      { directory, durability: "process", leaseMs: 6000 },
      { time: silent, me: elsewhere },
    );
    await dead.claim("one", runClaim(0, 0));
    await (await ours.claim("one", runClaim(1, 0))).release();
    expect(time.monotonicMs()).toBe(6000);
    await dead.close();
  });

  it("ends as soon as it is released", async () => {
    const { theirs, ours, time } = await twoMachines();
    const claim = await theirs.claim("one", runClaim(0, 0));
    await claim.release();
    await (await ours.claim("one", runClaim(1, 0))).release();
    expect(time.slept).toEqual([]);
  });

  it("is not waited for by one who only records", async () => {
    const { theirs, ours, time } = await twoMachines();
    const runner = await theirs.claim("one", runClaim(0, 0));
    await (await ours.claim("one", recordClaim(1, 0))).release();
    expect(time.slept).toEqual([]);
    await runner.release();
  });

  it("stops being waited for when the signal says so", async () => {
    const { theirs, ours, directory, time } = await twoMachines();
    const claim = await theirs.claim("one", runClaim(0, 0));
    const controller = new AbortController();
    const waiting = ours.claim("one", { ...runClaim(1, 0), signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(time.monotonicMs()).toBeLessThan(900);
    expect((await new FileRepository({ directory }).load("one")).epoch).toBe(1);
    await claim.release();
  });

  it("that could not be given back, as on a full disk, holds up others only, and is given back later", async () => {
    const directory = temporaryDirectory();
    const repository = new FileRepository({ directory });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    const releaseInVain = async (epoch: number, held: SessionClaim): Promise<void> => {
      const lease = join(directory, "one", `lease-0000000${epoch}.json`);
      const record = join(directory, "one", "record.json");
      mkdirSync(lease);
      renameSync(record, `${record}.away`);
      await held.release();
      renameSync(`${record}.away`, record);
      rmdirSync(lease);
    };
    await releaseInVain(1, claim);
    const second = await repository.claim("one", runClaim(1, 0));
    await releaseInVain(2, second);
    const other = new FileRepository({ directory });
    expect((await failure(other.claim("one", runClaim(2, 0)))).code).toBe("SESSION_LEASED");
    expect((await failure(repository.claim("one", runClaim(1, 0)))).code).toBe("SESSION_CONFLICT");
    await (await other.claim("one", runClaim(2, 0))).release();
    await repository.delete("one");
  });

  it("is given back in its file where there are no links, and was by older versions", async () => {
    const directory = temporaryDirectory();
    const repository = new FileRepository({ directory });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    const record = join(directory, "one", "record.json");
    renameSync(record, `${record}.away`);
    await claim.release();
    renameSync(`${record}.away`, record);
    expect(readdirSync(join(directory, "one"))).not.toContain("released-00000001");
    await (await new FileRepository({ directory }).claim("one", runClaim(1, 0))).release();
  });

  it("also keeps a session from being deleted", async () => {
    const { theirs, ours } = await twoMachines();
    const claim = await theirs.claim("one", runClaim(0, 0));
    expect((await failure(ours.delete("one"))).code).toBe("SESSION_LEASED");
    await claim.release();
    await ours.delete("one");
  });
});

describe("livenessOf", () => {
  it("knows this process", () => {
    expect(livenessOf(here, here)).toBe("self");
  });

  it("cannot tell about other machines, or other process spaces of this one", () => {
    expect(livenessOf({ ...here, host: "elsewhere" }, here)).toBe("unknown");
    expect(livenessOf({ ...here, space: "another" }, here)).toBe("unknown");
  });

  it.skipIf(here.space === undefined)("tells a reused process id by its start (needs /proc)", () => {
    expect(livenessOf({ ...here, started: "1" }, here)).toBe("gone");
    expect(livenessOf({ ...here, pid: 2 ** 22 + 1 }, here)).toBe("gone");
    expect(livenessOf({ ...here, pid: process.ppid }, here)).toBe("gone");
  });

  it("does not trust a process id alone", () => {
    const { pid, host } = here;
    const me = { pid, host, started: "t1" };
    expect(livenessOf({ pid: process.ppid, host, started: "t2" }, me)).toBe("unknown");
    expect(livenessOf({ pid: 2 ** 22 + 1, host, started: "t2" }, me)).toBe("gone");
  });
});
