import type { ClaimRequest, Entry, SessionClaim, SessionRepository } from "@strands/core";
import { StrandsError } from "@strands/core";
import type { LeaseMachine } from "./lease-machine.js";
import { sampleRecord } from "./session-fixtures.js";

/** The part of a test runner the contract needs; Vitest's functions fit, and Jest's. */
export interface ContractRunner {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: ((name: string, body: () => Promise<void>) => void) & {
    readonly skip: (name: string, body: () => Promise<void>) => void;
  };
  readonly expect: (actual: unknown) => {
    toBe(expected: unknown): void;
    toEqual(expected: unknown): void;
  };
}

/** One storage, empty when a test begins. */
export interface ContractSubject {
  readonly repository: SessionRepository;
  /** Another handle on the same storage, as a second process has. The repository itself when storage has only one. */
  reopen(): SessionRepository;
}

export interface SessionRepositoryContractOptions<S extends ContractSubject> extends ContractRunner {
  readonly name: string;
  create(): Promise<S> | S;
  destroy?(subject: S): Promise<void> | void;
  /** What else can be done to the storage. What is absent leaves its tests out; the value says why when it is a text. */
  readonly capabilities?: ContractCapabilities<S>;
  /** Tests left out, by name, each with its reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** Does something to a stored session behind the repository's back, or says why that cannot be. */
export type StorageTrick<S> = ((subject: S, sessionId: string) => Promise<void> | void) | string;

export interface ContractCapabilities<S extends ContractSubject> {
  /** Stores this JSON as entry 1 of epoch 1. */
  readonly storeEntry?: ((subject: S, sessionId: string, entry: string) => Promise<void> | void) | string;
  /** Raises the version of the record to 2. */
  readonly storeNewerRecord?: StorageTrick<S>;
  /** Damages entry 2 of 3. */
  readonly damageEntry?: StorageTrick<S>;
  /** Cuts entry 3 of 3 short, as a crash while it was being written would. */
  readonly tearTail?: StorageTrick<S>;
  /** Another handle, as a process on another machine has. */
  readonly openOnMachine?: ((subject: S, machine: LeaseMachine) => SessionRepository) | string;
  /** The same with a storage that can be told to fail. */
  readonly openFaulty?: FaultySubject<S> | string;
  /** Which calls the faults are tried at: every one when absent. */
  readonly faults?: { readonly from: number; readonly step: number };
}

/**
 * Opens a handle whose every call to the storage asks twice, before it is made and after it was, whether to fail there.
 */
export type FaultySubject<S> = (
  subject: S,
  machine: LeaseMachine,
  failsNow: (moment: "before" | "after") => boolean,
) => SessionRepository;

/** What the tests of the contract are written with. */
export interface SessionContractKit<S extends ContractSubject> {
  readonly describe: ContractRunner["describe"];
  readonly expect: ContractRunner["expect"];
  readonly test: (name: string, body: (subject: S) => Promise<void>) => void;
  /** A test that needs a capability: skipped, with the reason, where it is missing. */
  readonly testIf: <T>(
    capability: T | string | undefined,
    name: string,
    body: (subject: S, capability: T) => Promise<void>,
  ) => void;
  /** The work fails with one of the codes. */
  readonly expectCode: (work: Promise<unknown>, ...codes: readonly string[]) => Promise<void>;
}

export function sessionContractKit<S extends ContractSubject>(
  options: SessionRepositoryContractOptions<S>,
): SessionContractKit<S> {
  const { describe, it, expect, skip = {} } = options;
  const test = (name: string, body: (subject: S) => Promise<void>): void => {
    const run = async (): Promise<void> => {
      const subject = await options.create();
      try {
        await body(subject);
      } finally {
        await subject.repository.close?.();
        await options.destroy?.(subject);
      }
    };
    const reason = skip[name];
    if (reason === undefined) it(name, run);
    else it.skip(`${name} (${reason})`, run);
  };

  const expectCode = async (work: Promise<unknown>, ...codes: readonly string[]): Promise<void> => {
    const code = await codeOf(work);
    expect(codes.includes(code) ? codes[0] : code).toBe(codes[0]);
  };

  const testIf: SessionContractKit<S>["testIf"] = (capability, name, body) => {
    if (capability !== undefined && typeof capability !== "string") {
      test(name, (subject) => body(subject, capability as Exclude<typeof capability, string>));
      return;
    }
    const leftOut = async (): Promise<void> => {};
    it.skip(`${name} (${capability ?? "the subject does not say how"})`, leftOut);
  };

  return { describe, expect, test, testIf, expectCode };
}

/** A session with a first claim on it. */
export async function beginSession(repository: SessionRepository, id = "one"): Promise<SessionClaim> {
  await repository.create(sampleRecord(id));
  return repository.claim(id, runClaim(0, 0));
}

export async function entriesOf(repository: SessionRepository, id = "one"): Promise<readonly Entry[]> {
  return (await repository.load(id)).entries;
}

export function runClaim(afterEpoch: number, afterSeq: number): ClaimRequest {
  return { afterEpoch, afterSeq, owner: "runner", purpose: "run" };
}

export function recordClaim(afterEpoch: number, afterSeq: number): ClaimRequest {
  return { afterEpoch, afterSeq, owner: "recorder", purpose: "record" };
}

export async function failureOf(work: Promise<unknown>): Promise<StrandsError> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (StrandsError.isInstance(error)) return error;
  throw error;
}

/** `ok`, or the code of the error. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    if (StrandsError.isInstance(error)) return error.code;
    throw error;
  }
}
