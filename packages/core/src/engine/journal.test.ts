import { describe, expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import {
  type AppendFate,
  afterwards,
  crashAt,
  type FaultyRepository,
  faultyRepository,
} from "../../test/support/faulty-repository.js";
import { gate } from "../../test/support/gate.js";
import { SessionError } from "../error/errors.js";
import type { StrandsError } from "../error/strands-error.js";
import type { Entry, EntryDraft } from "../session/entry.js";
import { Journal } from "./journal.js";

const sessionId = "session-1";
const record = {
  id: sessionId,
  workflowName: "flow",
  patternType: "chain",
  specHash: "0".repeat(64),
  spec: {
    version: 0,
    name: "flow",
    runtime: { provider: "p" },
    agents: {},
    pattern: { type: "chain", config: { steps: [] } },
  },
  variables: {},
  createdAt: 1,
} as const;

const value = (key: string, content: number | string = key): EntryDraft => ({
  key,
  kind: "value",
  body: { value: content },
});
const started = (runId: string): EntryDraft => ({
  key: `run/${runId}`,
  kind: "run.started",
  body: { runId, owner: "o" },
});
const answered: EntryDraft = {
  key: "steps/1/answer",
  kind: "interrupt.answered",
  body: { id: "i", digest: "d", response: "yes", source: "person" },
};

interface Opened {
  readonly journal: Journal;
  readonly failures: StrandsError[];
}

/** Claims the session and opens a journal on what it holds. */
async function open(repository: FaultyRepository, clock = manualClock(500)): Promise<Opened> {
  const stored = await repository.load(sessionId);
  const at = { afterEpoch: stored.epoch, afterSeq: stored.entries.length, owner: "o", purpose: "run" } as const;
  const claim = await repository.claim(sessionId, at);
  const failures: StrandsError[] = [];
  const onFailure = (error: StrandsError): number => failures.push(error);
  const journal = new Journal({ sessionId, repository, claim, recorded: stored.entries, clock, owner: "o", onFailure });
  return { journal, failures };
}

async function fresh(): Promise<FaultyRepository> {
  const repository = faultyRepository();
  await repository.create(record);
  return repository;
}

/** Appends as somebody else who only records something. */
async function recordElsewhere(
  repository: FaultyRepository,
  drafts: readonly EntryDraft[],
  purpose: "record" | "run" = "record",
) {
  const { epoch: afterEpoch, entries } = await repository.load(sessionId);
  const claim = await repository.claim(sessionId, { afterEpoch, afterSeq: entries.length, owner: "other", purpose });
  const seq = entries.length + 1;
  await claim.append(
    seq,
    drafts.map((draft, index): Entry => ({ v: 1, seq: seq + index, epoch: claim.epoch, at: 9, ...draft })),
  );
  return claim;
}

describe("Journal", () => {
  it("stamps version, seq, epoch and time, members in the order they are stored in", async () => {
    const repository = await fresh();
    const clock = manualClock(500);
    const { journal } = await open(repository, clock);
    await journal.append(value("a"), value("b"));
    clock.advance(7);
    await journal.append(value("c"));
    const entries = await repository.entries();
    expect(entries).toEqual([
      { v: 1, seq: 1, epoch: 1, key: "a", kind: "value", at: 500, body: { value: "a" } },
      { v: 1, seq: 2, epoch: 1, key: "b", kind: "value", at: 500, body: { value: "b" } },
      { v: 1, seq: 3, epoch: 1, key: "c", kind: "value", at: 507, body: { value: "c" } },
    ]);
    for (const entry of entries) expect(Object.keys(entry)).toEqual(["v", "seq", "epoch", "key", "kind", "at", "body"]);
    expect(journal.length).toBe(3);
  });

  it("goes on behind what an earlier epoch wrote", async () => {
    const repository = await fresh();
    const first = await open(repository);
    await first.journal.append(value("a"));
    await first.journal.close();
    const second = await open(repository);
    expect(second.journal.length).toBe(1);
    await second.journal.append(value("b"));
    expect((await repository.entries()).map(({ seq, epoch, key }) => [seq, epoch, key])).toEqual([
      [1, 1, "a"],
      [2, 2, "b"],
    ]);
  });

  it("puts what arrives during a write into one next write", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    const firstWrite = gate();
    repository.onAppend(afterwards(firstWrite.promise));
    const settled: string[] = [];
    const appends = ["a", "b", "c"].map((key) => journal.append(value(key)).then(() => settled.push(key)));
    expect(settled).toEqual([]);
    firstWrite.open();
    await Promise.all(appends);
    expect(settled).toEqual(["a", "b", "c"]);
    expect(repository.appends.map((batch) => batch.map(({ key }) => key))).toEqual([["a"], ["b", "c"]]);
    await journal.append(value("d"));
    expect((await repository.entries()).map(({ seq, key }) => `${seq}${key}`)).toEqual(["1a", "2b", "3c", "4d"]);
  });

  it("does not acknowledge before the write is done", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    const write = gate();
    repository.onAppend(afterwards(write.promise));
    let done = false;
    const append = journal.append(value("a")).then(() => {
      done = true;
    });
    await Promise.resolve();
    expect([done, journal.length]).toEqual([false, 0]);
    write.open();
    await append;
    expect([done, journal.length]).toEqual([true, 1]);
  });

  it("fails everything after a failed write: what waits, what follows, and says so once", async () => {
    const repository = await fresh();
    const { journal, failures } = await open(repository);
    const write = gate();
    repository.onAppend(async (_, count): Promise<AppendFate> => {
      await write.promise;
      return count === 1 ? "lost" : "works";
    });
    const first = errorOf(journal.append(value("a")));
    const waiting = errorOf(journal.append(value("b")));
    write.open();
    expect([(await first).code, (await waiting).code]).toEqual(["SESSION_STORAGE", "SESSION_STORAGE"]);
    expect((await first).cause).toMatchObject({ name: "SimulatedCrash" });
    expect((await errorOf(journal.append(value("c")))).code).toBe("SESSION_STORAGE");
    expect(failures).toEqual([journal.failure]);
    expect(repository.appends).toHaveLength(1);
    expect(await repository.entries()).toEqual([]);
  });

  it("finds what earlier runs recorded, by key and kind, and not what it appended itself", async () => {
    const repository = await fresh();
    const first = await open(repository);
    await first.journal.append(value("a", 5));
    expect(first.journal.find("a", "value")).toBeUndefined();
    await first.journal.close();
    const { journal } = await open(repository);
    expect(journal.find("a", "value")).toEqual({ value: 5 });
    expect(journal.find("b", "value")).toBeUndefined();
    const error = await errorOf(() => journal.find("a", "model"));
    expect(error).toMatchObject({ code: "SESSION_SPEC_CHANGED", sessionId });
    expect(error.message).toBe("The journal holds `value` under `a`, not `model`");
  });

  it("refuses a journal that holds a key twice", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.append(value("a", 1), value("a", 2));
    await journal.close();
    const error = await errorOf(open(repository));
    expect(error).toMatchObject({ code: "SESSION_CORRUPT", sessionId });
    expect(error.message).toContain("`a`");
  });

  it("begins with entries that can be found", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.begin(answered, started("run-1"));
    expect(journal.find("steps/1/answer", "interrupt.answered")).toEqual(answered.body);
    expect(await repository.journal()).toEqual(["interrupt.answered steps/1/answer", "run.started run/run-1"]);
    expect(journal.length).toBe(2);
  });

  it("does not begin behind somebody else's entries", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await recordElsewhere(repository, [answered]);
    expect((await errorOf(journal.begin(started("run-1")))).code).toBe("SESSION_CONFLICT");
    expect(await repository.journal()).toEqual(["interrupt.answered steps/1/answer"]);
  });

  it("goes on behind an answer that somebody recorded meanwhile, in an epoch of its own", async () => {
    const repository = await fresh();
    const { journal, failures } = await open(repository);
    await journal.begin(started("run-1"));
    await recordElsewhere(repository, [answered]);
    await journal.append(value("b"));
    await journal.append(value("c"));
    expect((await repository.entries()).map(({ seq, epoch, key }) => [seq, epoch, key])).toEqual([
      [1, 1, "run/run-1"],
      [2, 2, "steps/1/answer"],
      [3, 3, "b"],
      [4, 3, "c"],
    ]);
    expect(journal.find("steps/1/answer", "interrupt.answered")).toEqual(answered.body);
    expect(journal.length).toBe(4);
    expect(failures).toEqual([]);
  });

  it("records no second answer once it has gone on behind the first, also with others or while it does so", async () => {
    const repository = await fresh();
    const { journal, failures } = await open(repository);
    await journal.begin(started("run-1"));
    await recordElsewhere(repository, [answered, { ...answered, key: "steps/2/answer" }]);
    const late = { ...answered, body: { ...answered.body, response: "no" } } as EntryDraft;
    await Promise.all([journal.append(value("b")), journal.append(late)]);
    await journal.append(late);
    await journal.append({ ...late, key: "steps/2/answer" }, value("c"));
    expect((await repository.journal()).slice(1)).toEqual([
      "interrupt.answered steps/1/answer",
      "interrupt.answered steps/2/answer",
      "value b",
      "value c",
    ]);
    expect(journal.find("steps/1/answer", "interrupt.answered")).toEqual(answered.body);
    expect(failures).toEqual([]);
  });

  it("does so again and again", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.begin(started("run-1"));
    for (let round = 0; round < 5; round += 1) {
      await recordElsewhere(repository, [{ ...answered, key: `steps/${round}/answer` }]);
      await journal.append(value(`v${round}`));
    }
    expect((await repository.entries()).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 11 }, (_, index) => index + 1),
    );
    expect(journal.length).toBe(11);
  });

  it.each([
    ["lost", "refused"],
    ["kept", "kept-refused"],
  ] as const)("has an entry once that was %s when the append was refused", async (_, fate) => {
    const repository = await fresh();
    const { journal, failures } = await open(repository);
    await journal.begin(started("run-1"));
    repository.onAppend((_entries, count) => (count === 2 ? fate : "works"));
    await journal.append(value("b"), value("c"));
    await journal.append(value("d"));
    expect(failures).toEqual([]);
    expect(await repository.journal()).toEqual(["run.started run/run-1", "value b", "value c", "value d"]);
    expect((await repository.entries()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(journal.length).toBe(4);
  });

  it("gives up with SESSION_CONFLICT when another run took over, and appends nothing any more", async () => {
    const repository = await fresh();
    const { journal, failures } = await open(repository);
    await journal.begin(started("run-1"));
    // The lease was judged dead, and somebody else went on.
    const { epoch: afterEpoch } = await repository.load(sessionId);
    await (await repository.claim(sessionId, { afterEpoch, afterSeq: 1, owner: "x", purpose: "record" })).release();
    await recordElsewhere(repository, [started("run-2")], "record");
    const appended = repository.appends.length;
    expect((await errorOf(journal.append(value("a")))).code).toBe("SESSION_CONFLICT");
    expect((await errorOf(journal.append(value("b")))).code).toBe("SESSION_CONFLICT");
    expect(failures).toHaveLength(1);
    expect(repository.appends).toHaveLength(appended + 1);
    expect(await repository.journal()).toEqual(["run.started run/run-1", "run.started run/run-2"]);
  });

  it("tries again when somebody else records something at the same moment", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.begin(started("run-1"));
    await recordElsewhere(repository, [answered]);
    const { claim } = repository;
    repository.claim = async (id, request) => {
      repository.claim = claim;
      await recordElsewhere(repository, [{ ...answered, key: "steps/2/answer" }]);
      return claim(id, request);
    };
    await journal.append(value("a"));
    expect((await repository.journal()).slice(1)).toEqual([
      "interrupt.answered steps/1/answer",
      "interrupt.answered steps/2/answer",
      "value a",
    ]);
    expect(journal.length).toBe(4);
  });

  it("gives up when it never gets its turn again", async () => {
    const repository = await fresh();
    const { journal, failures } = await open(repository);
    await journal.begin(started("run-1"));
    await recordElsewhere(repository, [answered]);
    let tries = 0;
    repository.claim = async () => {
      tries += 1;
      throw new SessionError("SESSION_CONFLICT", "too late", { sessionId });
    };
    expect((await errorOf(journal.append(value("a")))).code).toBe("SESSION_CONFLICT");
    expect(failures).toEqual([journal.failure]);
    expect(tries).toBeLessThanOrEqual(100);
    expect((await errorOf(journal.append(value("b")))).code).toBe("SESSION_CONFLICT");
    expect((await repository.journal()).filter((line) => line.startsWith("value"))).toEqual([]);
  });

  it("passes a session error of the repository on as it is", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    repository.onAppend(crashAt(1));
    const { code, hint } = await errorOf(journal.append(value("a")));
    expect(code).toBe("SESSION_STORAGE");
    expect(hint).toContain("resume the session");
  });

  it("keeps no claim when it is closed while it goes on behind somebody else", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.begin(started("run-1"));
    await recordElsewhere(repository, [answered]);
    const reading = gate();
    const load = repository.load;
    const arrived = gate();
    repository.load = async (id) => {
      arrived.open();
      await reading.promise;
      return load(id);
    };
    const late = journal.append(value("late"));
    await arrived.promise;
    await journal.close();
    reading.open();
    expect((await errorOf(late)).code).toBe("SESSION_CONFLICT");
    expect(repository.claims.released).toBeGreaterThanOrEqual(repository.claims.opened);
    await open(repository);
  });

  it("does not take the session back for a write that was under way when it was closed", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.begin(started("run-1"));
    const write = gate();
    repository.onAppend(afterwards(write.promise));
    const late = journal.append(value("late"));
    const closing = journal.close();
    write.open();
    await Promise.allSettled([late, closing]);
    expect(repository.claims.released).toBeGreaterThanOrEqual(repository.claims.opened);
    const next = await open(repository);
    expect(next.journal.failure).toBeUndefined();
  });

  it("finds what it appended itself, and what others did, when it has read the session again", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.begin(started("mine"));
    await journal.append(value("a"));
    await recordElsewhere(repository, [answered]);
    expect(journal.find("a", "value")).toBeUndefined();
    await journal.reload();
    expect(journal.find("a", "value")).toEqual({ value: "a" });
    expect(journal.find("steps/1/answer", "interrupt.answered")).toMatchObject({ response: "yes" });
    await journal.append(value("b"));
    expect((await repository.entries()).map(({ seq, key }) => [seq, key])).toEqual([
      [1, "run/mine"],
      [2, "a"],
      [3, "steps/1/answer"],
      [4, "b"],
    ]);
  });

  it("takes nothing more when it reads that another run took over", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.begin(started("mine"));
    await recordElsewhere(repository, [started("other")]);
    expect((await errorOf(journal.reload())).code).toBe("SESSION_CONFLICT");
    expect((await errorOf(journal.append(value("a")))).code).toBe("SESSION_CONFLICT");
    expect(await repository.journal()).toEqual(["run.started run/mine", "run.started run/other"]);
  });

  it("leaves a pause out when one of its questions was answered before it was written", async () => {
    const pause = (...interrupts: string[]): EntryDraft => ({
      key: "run/mine/end",
      kind: "run.paused",
      body: { runId: "mine", interrupts },
    });
    for (const [asked, kept] of [
      ["i", false],
      ["another", true],
    ] as const) {
      const repository = await fresh();
      const { journal } = await open(repository);
      await journal.begin(started("mine"));
      await recordElsewhere(repository, [answered]);
      await journal.append(pause(asked));
      expect(await repository.journal()).toEqual([
        "run.started run/mine",
        "interrupt.answered steps/1/answer",
        ...(kept ? ["run.paused run/mine/end"] : []),
      ]);
    }
  });

  it("releases its claim and takes nothing more once it is closed", async () => {
    const repository = await fresh();
    const { journal } = await open(repository);
    await journal.append(value("a"));
    await journal.close();
    expect(repository.claims).toEqual({ opened: 1, released: 1 });
    expect((await errorOf(journal.append(value("b")))).code).toBe("INTERNAL");
    expect(await repository.journal()).toEqual(["value a"]);
    const second = await open(repository);
    expect(second.journal.length).toBe(1);
  });
});
