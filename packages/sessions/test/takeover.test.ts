import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFileRepository } from "@strands/sessions/file";
import { modelEntry, sampleRecord } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { childCommand, startChild } from "./support/run-child.js";
import { failure, recordClaim, runClaim, storeSession, temporaryDirectory } from "./support/session-directory.js";

describe("a writer that finds the fence of its successor", () => {
  it("settles that what it wrote counts when the successor died before it began, and then stops", async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory });
    await repository.create(sampleRecord("one"));
    const old = await repository.claim("one", runClaim(0, 0));
    await old.append(1, [modelEntry(1, 1)]);
    closeSync(openSync(join(directory, "one", "fence-00000002"), "wx"));
    await old.append(2, [modelEntry(2, 1)]);
    expect((await failure(old.append(3, [modelEntry(3, 1)]))).code).toBe("SESSION_CONFLICT");
    await old.release();

    const { entries, epoch } = await createFileRepository({ directory }).load("one");
    expect(entries).toEqual([modelEntry(1, 1), modelEntry(2, 1)]);
    expect(epoch).toBe(2);
  });

  it("leaves the epoch it sealed to whoever asked for it", async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory });
    await repository.create(sampleRecord("one"));
    const old = await repository.claim("one", runClaim(0, 0));
    closeSync(openSync(join(directory, "one", "fence-00000002"), "wx"));
    await old.append(1, [modelEntry(1, 1)]);
    await old.release();

    // Decided on epoch 1: the seal in between is nobody's turn.
    const next = await createFileRepository({ directory }).claim("one", recordClaim(1, 0));
    expect(next.epoch).toBe(3);
    expect(next.tail).toEqual([modelEntry(1, 1)]);
    await next.append(2, [modelEntry(2, 3)]);
    expect((await repository.load("one")).entries.map(({ epoch }) => epoch)).toEqual([1, 3]);
    expect((await failure(repository.claim("one", recordClaim(1, 0)))).code).toBe("SESSION_CONFLICT");
  });

  it("loses what it wrote when the successor had already looked", async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory, durability: "process" });
    await repository.create(sampleRecord("one"));
    const old = await repository.claim("one", runClaim(0, 0));
    const next = await repository.claim("one", recordClaim(1, 0));
    expect((await failure(old.append(1, [modelEntry(1, 1, "late")]))).code).toBe("SESSION_CONFLICT");
    // The line is in the old segment, and does not count, before and after the successor writes.
    expect((await createFileRepository({ directory }).load("one")).entries).toEqual([]);
    await next.append(1, [modelEntry(1, 2)]);
    const stored = await createFileRepository({ directory }).load("one");
    expect(stored.entries).toEqual([modelEntry(1, 2)]);
    expect(stored.notices).toEqual([]);
    await next.release();
    await old.release();
  });

  it("never writes a summary over its successor's", async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory, durability: "process" });
    await repository.create(sampleRecord("one"));
    const old = await repository.claim("one", runClaim(0, 0));
    closeSync(openSync(join(directory, "one", "fence-00000002"), "wx"));
    const body = { runId: "r", reason: "enough" };
    await old.append(1, [{ ...modelEntry(1, 1), key: "end", kind: "run.cancelled", body }]);
    expect(existsSync(join(directory, "one", "summary.json"))).toBe(false);
    expect((await repository.list()).sessions[0]?.status).toBe("cancelled");
    await old.release();
  });
});

describe("claims", () => {
  it("leave no fence before the first epoch, and nothing half made", async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory });
    await repository.create(sampleRecord("one"));
    await (await repository.claim("one", runClaim(0, 0))).release();
    await (await repository.claim("one", runClaim(1, 0))).release();
    expect(readdirSync(join(directory, "one")).sort()).toEqual([
      "fence-00000002",
      "journal-00000001.jsonl",
      "journal-00000002.jsonl",
      "record.json",
      "released-00000001",
      "released-00000002",
      "summary.json",
    ]);
    expect(readdirSync(directory)).toEqual(["one"]);
  });

  it("are all given back by close", async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    await repository.close?.();
    expect((await failure(claim.append(1, [modelEntry(1, 1)]))).code).toBe("SESSION_CONFLICT");
    await (await createFileRepository({ directory }).claim("one", runClaim(1, 0))).release();
  });

  it("read from where the repository stood, and from the start when that is not enough", async () => {
    const directory = temporaryDirectory();
    const writer = createFileRepository({ directory, durability: "process" });
    const reader = createFileRepository({ directory, durability: "process" });
    await writer.create(sampleRecord("one"));
    const first = await writer.claim("one", runClaim(0, 0));
    await first.append(1, [modelEntry(1, 1), modelEntry(2, 1)]);
    expect((await reader.load("one")).entries.length).toBe(2);
    await first.append(3, [modelEntry(3, 1)]);
    await first.release();
    const tails: number[] = [];
    for (const [i, afterSeq] of [2, 3, 0, 1].entries()) {
      const claim = await reader.claim("one", runClaim(i + 1, afterSeq));
      tails.push(claim.tail.length);
      await claim.release();
    }
    expect(tails).toEqual([1, 0, 3, 2]);
  });
});

const canTrace = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "true"]).status === 0;

describe.skipIf(!canTrace)("a process that takes over (needs strace)", () => {
  it("makes what it builds upon durable before it begins: its writer may have died before the disk had it", async () => {
    const { root } = await storeSession(2);
    const log = join(temporaryDirectory(), "calls");
    const trace = ["strace", "-f", "-qq", "-y", "-o", log, "-e", "trace=fsync,fdatasync,link,linkat"];
    const child = startChild([...trace, ...childCommand("contend", root, "child")]);
    expect(await child.next()).toBe("ready");
    child.tell("go 1 2");
    expect(await child.next()).toMatch(/^won/);
    child.process.stdin?.end();
    await child.ended;
    const lines = readFileSync(log, "utf8").split("\n");
    const synced = lines.findIndex((line) => /sync\(\d+<.*\/journal-00000001\.jsonl>/.test(line));
    const published = lines.findIndex((line) => line.includes('journal-00000002.jsonl"'));
    expect(synced).toBeGreaterThanOrEqual(0);
    expect(published).toBeGreaterThan(synced);
  });
});
