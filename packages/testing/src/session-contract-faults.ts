import type { SessionRepository } from "@strands/core";
import { SharedTime } from "./lease-machine.js";
import type {
  ContractCapabilities,
  ContractSubject,
  FaultySubject,
  SessionContractKit,
} from "./session-contract-kit.js";
import { codeOf, entriesOf, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleEntry, sampleRecord } from "./session-fixtures.js";

/** What a writer knows to be stored. */
interface Known {
  created: boolean;
  readonly keys: string[];
  /** Codes of what failed. */
  readonly codes: string[];
}

interface Outcome {
  readonly known: Known;
  readonly repository: SessionRepository;
}

/** Failures of the storage at every one of its calls, before the call is made and after it was. */
export function checkFaults<S extends ContractSubject>(
  kit: SessionContractKit<S>,
  capability: ContractCapabilities<S>["openFaulty"],
  chosen: { readonly from: number; readonly step: number },
): void {
  const { describe, testIf, expect } = kit;

  /** Runs the work with a fault at call `n`, and gives what it knows; `undefined` when there are fewer calls. */
  const runWithFault = async (
    openFaulty: FaultySubject<S>,
    subject: S,
    time: SharedTime,
    { n, moment, lasting }: { readonly n: number; readonly moment: "before" | "after"; readonly lasting: boolean },
  ): Promise<Outcome | undefined> => {
    let calls = 0;
    let struck = false;
    const repository = openFaulty(subject, time.machine("faulty", { dead: true }), (now) => {
      if (now === "before") calls += 1;
      const isDue = lasting ? struck || (calls === n && now === moment) : !struck && calls === n && now === moment;
      if (isDue) struck = true;
      return isDue;
    });
    const known: Known = { created: false, keys: [], codes: [] };
    await work(repository, known);
    if (!struck) await repository.close?.();
    return struck ? { known, repository } : undefined;
  };

  /** What is stored must be what is known, and at most the append that was under way when it failed. */
  const checkStored = async (repository: SessionRepository, known: Known, n: number): Promise<void> => {
    for (const code of known.codes) expect([n, expected.includes(code) ? "expected" : code]).toEqual([n, "expected"]);
    const code = await codeOf(repository.load("one"));
    if (code === "SESSION_NOT_FOUND") {
      expect([n, known.created]).toEqual([n, false]);
      await repository.create(sampleRecord("one"));
    }
    const { entries, epoch } = await repository.load("one");
    const keys = entries.map(({ key }) => key);
    expect([n, keys.slice(0, known.keys.length)]).toEqual([n, known.keys]);
    expect([n, keys.length - known.keys.length <= 2]).toEqual([n, true]);
    const claim = await repository.claim("one", runClaim(epoch, entries.length));
    const seq = entries.length + 1;
    await claim.append(seq, [{ ...modelEntry(seq, claim.epoch), key: "resumed" }]);
    await claim.release();
    expect([n, (await entriesOf(repository)).map(({ key }) => key)]).toEqual([n, [...keys, "resumed"]]);
    const page = await repository.list();
    expect([n, page.sessions.map(({ id }) => id), page.notices]).toEqual([n, ["one"], []]);
    await repository.delete("one");
  };

  const everyFault = (
    name: string,
    fault: { readonly moment: "before" | "after"; readonly lasting: boolean },
    check: (outcome: Outcome, openNext: () => SessionRepository, n: number) => Promise<void>,
  ): void =>
    testIf(capability, name, async (subject, openFaulty) => {
      let n = chosen.from;
      for (; ; n += chosen.step) {
        const time = new SharedTime();
        const outcome = await runWithFault(openFaulty, subject, time, { n, ...fault });
        if (outcome === undefined) break;
        const openNext = (): SessionRepository => openFaulty(subject, time.machine("next"), () => false);
        await check(outcome, openNext, n);
        await subject.repository.delete("one").catch(() => {});
      }
      // The work makes more calls than that.
      expect(n > chosen.from + chosen.step * 2).toBe(true);
    });

  describe("a process that ends", () => {
    const openedElsewhere = async (
      { repository, known }: Outcome,
      openNext: () => SessionRepository,
      n: number,
    ): Promise<void> => {
      const next = openNext();
      await checkStored(next, known, n);
      await next.close?.();
      await repository.close?.().catch(() => {});
    };
    everyFault("before a call to the storage loses nothing", { moment: "before", lasting: true }, openedElsewhere);
    everyFault("after a call to the storage loses nothing", { moment: "after", lasting: true }, openedElsewhere);
  });

  describe("a call to the storage that fails once", () => {
    const goesOn = async ({ repository, known }: Outcome, _: unknown, n: number): Promise<void> => {
      // The same process goes on: the fault is gone.
      await checkStored(repository, known, n);
      await repository.close?.();
    };
    everyFault("and did nothing gives an error of ours, and the session goes on", onceBefore, goesOn);
    everyFault("although it did what it was asked loses and repeats nothing", onceAfter, goesOn);
  });
}

const onceBefore = { moment: "before", lasting: false } as const;
const onceAfter = { moment: "after", lasting: false } as const;
const expected: readonly string[] = ["SESSION_STORAGE", "SESSION_CONFLICT", "SESSION_NOT_FOUND", "SESSION_EXISTS"];

/** Some of everything, each step on its own: what one failed at, the next may still do. */
async function work(repository: SessionRepository, known: Known): Promise<void> {
  const attempt = async (step: () => Promise<void>): Promise<boolean> => {
    const code = await codeOf(step());
    if (code !== "ok") known.codes.push(code);
    return code === "ok";
  };
  known.created = await attempt(() => repository.create(sampleRecord("one")));
  let epoch = 0;
  for (let turn = 0; turn < 2; turn += 1) {
    const isOver = !(await attempt(async () => {
      const claim = await repository.claim("one", { ...runClaim(epoch, 0), purpose: turn === 0 ? "run" : "record" });
      epoch = claim.epoch;
      let seq = claim.tail.length + 1;
      const isWritten = await attempt(async () => {
        for (const count of [1, 2, 1]) {
          const entries = Array.from({ length: count }, (_, i) => entryAt(seq + i, epoch, turn));
          await claim.append(seq, entries);
          known.keys.push(...entries.map(({ key }) => key));
          seq += count;
        }
      });
      await claim.release();
      if (!isWritten) throw new Stopped();
    }).catch((error: unknown) => {
      if (error instanceof Stopped) return false;
      throw error;
    }));
    if (isOver) return;
  }
  await attempt(async () => {
    await repository.load("one");
    await repository.list();
  });
}

class Stopped extends Error {}

function entryAt(seq: number, epoch: number, turn: number): ReturnType<typeof modelEntry> {
  if (seq % 4 !== 0) return modelEntry(seq, epoch);
  const body = { runId: "r", interrupts: [] };
  return sampleEntry(seq, epoch, { key: `run/${turn}/paused`, kind: "run.paused", body });
}
