import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { Entry, SessionClaim } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { modelEntry, sampleEntry, sampleRecord, valueEntry } from "@strands/testing";
import { describe, expect, it, vi } from "vitest";
import { temporaryName } from "../src/file/layout.js";
import { failure, runClaim, storeSession, temporaryDirectory } from "./support/session-directory.js";

describe("the session directory", () => {
  it("is not touched before the first use, and not by reading", async () => {
    const directory = join(temporaryDirectory(), "a", "b");
    const repository = createFileRepository({ directory });
    await repository.list();
    expect(existsSync(directory)).toBe(false);
    await repository.create(sampleRecord("one"));
    expect(readdirSync(directory)).toEqual(["one"]);
  });

  it("is where the environment says when the caller says nothing", async () => {
    const directory = join(temporaryDirectory(), "chosen");
    const repository = createFileRepository();
    vi.stubEnv("STRANDS_SESSION_DIR", directory);
    await repository.create(sampleRecord("one"));
    expect(readdirSync(directory)).toEqual(["one"]);
  });

  it("is never left by a session id", async () => {
    const outside = temporaryDirectory();
    const root = join(outside, "root");
    const repository = createFileRepository({ directory: root });
    await repository.create(sampleRecord("one"));
    for (const id of sessionIds) {
      expect((await failure(repository.create(sampleRecord(id)))).code).toBe("INPUT_INVALID");
      for (const work of [repository.load(id), repository.claim(id, runClaim(0, 0)), repository.delete(id)]) {
        const error = await failure(work);
        expect(error.code).toBe("SESSION_NOT_FOUND");
        expect(error.message.length).toBeLessThan(200);
      }
    }
    expect(readdirSync(outside)).toEqual(["root"]);
    expect(readdirSync(root)).toEqual(["one"]);
  });

  it.skipIf(process.platform === "win32")("and what is in it can be read by its owner only", async () => {
    const root = join(temporaryDirectory(), "sessions");
    const repository = createFileRepository({ directory: root });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    await claim.append(1, [valueEntry(1, 1, "x".repeat(70_000))]);
    await claim.append(2, [cancelled(2)]);
    await claim.release();
    await (await repository.claim("one", runClaim(1, 2))).release();
    const names = readdirSync(root, { recursive: true }) as string[];
    expect(names.length).toBeGreaterThan(8);
    for (const name of ["", ...names]) {
      const status = statSync(join(root, name));
      expect([name, (status.mode & 0o777).toString(8)]).toEqual([name, status.isDirectory() ? "700" : "600"]);
    }
  });

  it("gets rid of what dead processes left half made, and of nothing else", async () => {
    const { root, open } = await storeSession(1);
    const mine = temporaryName("x");
    const dead = mine.replace(/-\d+-(t?\d+)-(\d+)$/, "-4194305-$1-$2");
    const foreign = ".y.tmp-ffffffff-1-1-1";
    const oldForeign = ".z.tmp-ffffffff-1-1-1";
    for (const name of [mine, dead, foreign, oldForeign, ".keep"]) mkdirSync(join(root, name));
    utimesSync(join(root, oldForeign), 0, 0);
    writeFileSync(join(root, "one", dead), "half");
    writeFileSync(join(root, "one", mine), "half");
    expect((await open().list()).sessions.map(({ id }) => id)).toEqual(["one"]);
    expect(readdirSync(root).sort()).toEqual([".keep", foreign, mine, "one"].sort());
    await (await open().claim("one", runClaim(1, 1))).release();
    expect(existsSync(join(root, "one", dead))).toBe(false);
    expect(existsSync(join(root, "one", mine))).toBe(true);
  });
});

describe("list", () => {
  it("reads only the summaries of the page", async () => {
    const root = temporaryDirectory();
    const repository = createFileRepository({ directory: root, durability: "none" });
    for (let i = 0; i < 30; i += 1) {
      await repository.create(sampleRecord(`s${i}`, { createdAt: 1000 + i }));
      const claim = await repository.claim(`s${i}`, runClaim(0, 0));
      await claim.append(1, [cancelled(1)]);
      await claim.release();
      writeFileSync(join(root, `s${i}`, "record.json"), "unreadable");
    }
    for (let i = 0; i < 30; i += 1)
      utimesSync(join(root, `s${i}`, "record.json"), (1000 + i) / 1000, (1000 + i) / 1000);
    for (let i = 0; i < 20; i += 1) rmSync(join(root, `s${i}`, "summary.json"));
    const page = await repository.list({ limit: 9 });
    expect(page.sessions.map(({ id }) => id)).toEqual(["s29", "s28", "s27", "s26", "s25", "s24", "s23", "s22", "s21"]);
    expect(page.notices).toEqual([]);
  });

  it("finds the order again when the times of the files were lost", async () => {
    const root = temporaryDirectory();
    const repository = createFileRepository({ directory: root, durability: "none" });
    for (let i = 0; i < 9; i += 1) await repository.create(sampleRecord(`s${i}`, { createdAt: 1000 + i }));
    for (let i = 0; i < 9; i += 1) utimesSync(join(root, `s${i}`, "record.json"), 5000 - i, 5000 - i);
    expect((await repository.list({ limit: 3 })).sessions.map(({ id }) => id)).toEqual(["s8", "s7", "s6"]);
    expect(Math.round(statSync(join(root, "s4", "record.json")).mtimeMs)).toBe(1004);
  });

  it("names damaged sessions and shows the others", async () => {
    const { root, open, read, write } = await storeSession(3);
    await open().create(sampleRecord("two"));
    const bytes = read();
    bytes[400] = 0;
    write(bytes);
    rmSync(join(root, "one", "summary.json"));
    mkdirSync(join(root, "not-a-session"));
    writeFileSync(join(root, "a-file"), "");
    const page = await open().list();
    expect(page.sessions.map(({ id }) => id)).toEqual(["two"]);
    expect(page.notices.length).toBe(2);
    expect(page.notices.join()).toContain("`one`");
    expect(page.notices.join()).toContain("`not-a-session`");
  });

  it.each(["missing", "empty", "damaged", "of another session"])("makes a summary again that is %s", async (how) => {
    const { root, open } = await storeSession(1);
    const claim = await open().claim("one", runClaim(1, 1));
    await claim.append(2, [{ ...cancelled(2), epoch: 2 }]);
    await claim.release();
    const path = join(root, "one", "summary.json");
    const right = readFileSync(path, "utf8");
    rmSync(path);
    if (how === "empty") writeFileSync(path, "");
    if (how === "damaged") writeFileSync(path, right.replace("cancelled", "completed"));
    if (how === "of another session") {
      await open().create(sampleRecord("two", { createdAt: 5 }));
      writeFileSync(path, readFileSync(join(root, "two", "summary.json")));
    }
    const [one] = (await open().list()).sessions;
    expect(one).toMatchObject({ id: "one", status: "cancelled", usage: { inputTokens: 3, outputTokens: 4 } });
    rmSync(path, { force: true });
    await (await open().claim("one", runClaim(2, 2))).release();
    expect(existsSync(path)).toBe(true);
  });
});

/** Names of the calls of `node:fs` that work makes, in order. */
async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const calls: string[] = [];
  const real = fs as unknown as Record<string, unknown>;
  const functions = Object.entries(real).filter(([, member]) => typeof member === "function");
  for (const [name, original] of functions) {
    real[name] = (...given: unknown[]): unknown => {
      calls.push(name);
      return Reflect.apply(original as () => unknown, fs, given);
    };
  }
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    for (const [name, original] of functions) real[name] = original;
    syncBuiltinESMExports();
  }
  return calls;
}

describe("a place where nothing can be made", () => {
  it.skipIf(!fs.existsSync("/proc/self")).each(["full", "process"] as const)(
    "is said to be one, and not tried for ever (%s)",
    async (durability) => {
      const repository = createFileRepository({ directory: "/proc/strands/sessions", durability });
      await expect(repository.create(sampleRecord("one"))).rejects.toMatchObject({ code: "SESSION_STORAGE" });
    },
  );
});

describe("the journal's files", () => {
  it("are asked for the same four calls by an append, however long the session is", async () => {
    const repository = createFileRepository({ directory: temporaryDirectory(), leaseMs: 3_600_000 });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    // The first also waits for the names it is found under.
    await claim.append(1, [modelEntry(1, 1)]);
    const calls = await callsOf(async () => {
      for (let seq = 2; seq <= 300; seq += 1) await claim.append(seq, [modelEntry(seq, 1)]);
    });
    const each = ["writeSync", "fdatasync", "statSync", "fstatSync"];
    expect(calls).toEqual(Array.from({ length: 299 }, () => each).flat());
    await claim.release();
  });

  it("make the names of sessions that begin together durable together", async () => {
    const repository = createFileRepository({ directory: temporaryDirectory(), leaseMs: 3_600_000 });
    const claims: SessionClaim[] = [];
    for (let i = 0; i < 20; i += 1) {
      await repository.create(sampleRecord(`s${i}`));
      claims.push(await repository.claim(`s${i}`, runClaim(0, 0)));
    }
    const calls = await callsOf(() => Promise.all(claims.map((claim) => claim.append(1, [modelEntry(1, 1)]))));
    // Its own directory for each; that of all once for the first, and once for those who came meanwhile.
    expect(calls.filter((name) => name === "fsync")).toHaveLength(20 + 2);
    expect(calls.filter((name) => name === "fdatasync")).toHaveLength(20);
    await repository.close?.();
  });

  it("hold little that is written twice", async () => {
    const root = temporaryDirectory();
    const repository = createFileRepository({ directory: root, durability: "process" });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    const covered = (): number => JSON.parse(readFileSync(join(root, "one", "summary.json"), "utf8")).seq;
    for (let i = 1; i <= 100; i += 1) await claim.append(i, [modelEntry(i, 1)]);
    // The first summary is what the record says.
    expect(statSync(join(root, "one", "summary.json")).ino).toBe(statSync(join(root, "one", "record.json")).ino);
    await claim.append(101, [cancelled(101)]);
    expect(covered()).toBe(101);
    await claim.release();
    expect(readdirSync(join(root, "one")).length).toBe(4);
  });

  it("keep one blob for the same long value, and short values inline", async () => {
    const root = temporaryDirectory();
    const repository = createFileRepository({ directory: root });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    await claim.append(1, [valueEntry(1, 1, "a".repeat(65_000))]);
    expect(existsSync(join(root, "one", "blobs"))).toBe(false);
    await claim.append(2, [valueEntry(2, 1, "€".repeat(30_000)), valueEntry(3, 1, "€".repeat(30_000))]);
    await claim.append(4, [valueEntry(4, 1, "b".repeat(70_000))]);
    await claim.release();
    expect(readdirSync(join(root, "one", "blobs")).length).toBe(2);
    expect(statSync(join(root, "one", "journal-00000001.jsonl")).size).toBeLessThan(67_000);
  });

  it("refuse what could not be read again, and go on", async () => {
    const repository = createFileRepository({ directory: temporaryDirectory() });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const bad = [
      { ...modelEntry(1, 1), kind: "future.kind" },
      { ...modelEntry(1, 1), body: undefined },
      { ...modelEntry(1, 1), body: { agentId: "a" } },
      { ...modelEntry(1, 1), at: Number.NaN },
      {
        ...modelEntry(1, 1),
        body: { ...modelEntry(1, 1).body, usage: { inputTokens: Number.NaN, outputTokens: 1 } },
      },
      { ...modelEntry(1, 1), key: 7 },
      { ...valueEntry(1, 1, null), body: { value: undefined } },
      { ...valueEntry(1, 1, null), body: { value: circular } },
      { ...valueEntry(1, 1, null), body: { value: 1n } },
    ] as unknown as Entry[];
    for (const entry of bad) expect((await failure(claim.append(1, [entry]))).code).toBe("INPUT_INVALID");
    await claim.append(1, [modelEntry(1, 1)]);
    expect((await repository.load("one")).entries).toEqual([modelEntry(1, 1)]);
    await claim.release();
  });

  it("refuse an append that overlaps another", async () => {
    const repository = createFileRepository({ directory: temporaryDirectory() });
    await repository.create(sampleRecord("one"));
    const claim = await repository.claim("one", runClaim(0, 0));
    const first = claim.append(1, [modelEntry(1, 1)]);
    expect((await failure(claim.append(2, [modelEntry(2, 1)]))).code).toBe("INTERNAL");
    await first;
    await claim.append(2, [modelEntry(2, 1)]);
    await claim.release();
  });

  it("options are checked at once", () => {
    expect(() => createFileRepository({ durability: "most" as "full" })).toThrow("durability");
    expect(() => createFileRepository({ leaseMs: 0 })).toThrow("leaseMs");
  });
});

function cancelled(seq: number): Entry {
  return sampleEntry(seq, 1, { key: "end", kind: "run.cancelled", body: { runId: "r", reason: "enough" } });
}

// Those of the shared traversal cases that must be refused, and a few of our own.
const sessionIds: readonly string[] = [
  ...["", ".", "..", "../x", "a/b", "/x", "a\0b", "x.", "*", "?", "[a]", "{a,b}", "$HOME", '"', "é", "session_x/../y"],
  ...["abc\0.json", "../session_other", "abc.tmp", ".hidden", "\ud800", "a".repeat(5000), "a".repeat(129)],
  ...["CON", "nul", "Com1", "lpt9", "a\\b", "..\\x", "C:x", "a b", "a\n", "%2e%2e", "~", "one/"],
];
