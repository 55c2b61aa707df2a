import { SessionError } from "../../src/error/errors.js";
import type { Entry } from "../../src/session/entry.js";
import { createMemoryRepository } from "../../src/session/memory-repository.js";
import type { SessionClaim, SessionRepository } from "../../src/session/repository.js";

/**
 * What becomes of an append: it works, it is lost, or it is kept without being acknowledged. After the latter two the
 * writer gets an error, as a process does that is cut off from its disk or killed; `refused` and `kept-refused` are the
 * same with the error of a writer that somebody else has overtaken.
 */
export type AppendFate = "works" | "lost" | "kept" | "refused" | "kept-refused";

export class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

export interface FaultyRepository extends SessionRepository {
  /** The entries of every append that was asked for, in order. */
  readonly appends: readonly (readonly Entry[])[];
  /** How many claims have been opened and released. */
  readonly claims: { readonly opened: number; readonly released: number };
  /** Decides about the appends from here on. */
  onAppend(decide: (entries: readonly Entry[], count: number) => AppendFate | Promise<AppendFate>): void;
  /** The journal of a session as `kind key`. */
  journal(sessionId?: string): Promise<string[]>;
  entries(sessionId?: string): Promise<readonly Entry[]>;
}

/** A repository in memory whose appends fail when a test says so. */
export function faultyRepository(inner: SessionRepository = createMemoryRepository()): FaultyRepository {
  const appends: (readonly Entry[])[] = [];
  const claims = { opened: 0, released: 0 };
  let decide: (entries: readonly Entry[], count: number) => AppendFate | Promise<AppendFate> = () => "works";

  const wrap = (sessionId: string, claim: SessionClaim): SessionClaim => ({
    epoch: claim.epoch,
    tail: claim.tail,
    async append(expectedSeq, entries) {
      appends.push(entries);
      const fate = await decide(entries, appends.length);
      if (fate === "works" || fate.startsWith("kept")) await claim.append(expectedSeq, entries);
      if (fate.endsWith("refused")) throw new SessionError("SESSION_CONFLICT", "overtaken", { sessionId });
      if (fate !== "works") throw new SimulatedCrash(`append ${appends.length} ${fate}`);
    },
    async release() {
      claims.released += 1;
      await claim.release();
    },
  });

  return {
    name: "faulty",
    appends,
    claims,
    onAppend(decideNow) {
      decide = decideNow;
    },
    create: (record) => inner.create(record),
    load: (sessionId) => inner.load(sessionId),
    async claim(sessionId, request) {
      const claim = await inner.claim(sessionId, request);
      claims.opened += 1;
      return wrap(sessionId, claim);
    },
    list: (query) => inner.list(query),
    delete: (sessionId) => inner.delete(sessionId),
    async entries(sessionId = "session-1") {
      return (await inner.load(sessionId)).entries;
    },
    async journal(sessionId = "session-1") {
      return (await inner.load(sessionId)).entries.map(({ kind, key }) => `${kind} ${key}`);
    },
  };
}

/** Lets appends work once the promise is there. */
export function afterwards(promise: Promise<unknown>): () => Promise<AppendFate> {
  return async () => {
    await promise;
    return "works";
  };
}

/** Fails every append from the one with this number on; `kept` stores that one before failing. */
export function crashAt(
  number: number,
  fate: "lost" | "kept" = "lost",
): (entries: readonly Entry[], count: number) => AppendFate {
  return (_entries, count) => {
    if (count < number) return "works";
    return count === number ? fate : "lost";
  };
}

/** Fails every append from the first one that holds an entry of this kind on. */
export function crashOnKind(
  kind: Entry["kind"],
  fate: "lost" | "kept" = "lost",
): (entries: readonly Entry[]) => AppendFate {
  let crashed = false;
  return (entries) => {
    if (crashed) return "lost";
    crashed = entries.some((entry) => entry.kind === kind);
    return crashed ? fate : "works";
  };
}
