import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { InterruptRecord, ModelRequest, SessionRepository, Spec } from "@strands/core";
import { StrandsError, WorkflowClient } from "@strands/core";
import { expect } from "vitest";

interface Workloads {
  workload(name: string): Spec;
  answerTo(request: ModelRequest): string[];
  answerOf(question: InterruptRecord): string;
}

const path = join(import.meta.dirname, "../../../sdk/test/durability/workloads.mjs");
const { workload, answerTo, answerOf } = (await import(pathToFileURL(path).href)) as Workloads;

/** What the users of a run have seen happen, over all the processes it takes. */
export interface Seen {
  /** Steps whose end was told of: none of them may run again. */
  readonly done: Set<string>;
}

/** Runs a workflow to its end from wherever its session stands, answering what it asks. */
export async function runOn(sessions: SessionRepository, name: string, seen: Seen): Promise<void> {
  const client = new WorkflowClient({
    sessions,
    owner: "me",
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    artifacts: { write: async () => ({ location: "nowhere" }) },
    async *model(request) {
      expect([...seen.done, ...recorded]).not.toContain(request.stepKey);
      yield* answerTo(request);
      // Long enough for a file of its own.
      if (request.stepKey.endsWith("a")) yield " and so on".repeat(7_000);
    },
  });
  client.on("step_complete", ({ stepKey }) => seen.done.add(stepKey));
  let entries = await entriesOf(sessions);
  // What nobody acknowledged may go again, but not while this process goes on from it.
  const recorded = entries.flatMap(({ kind, key }) => (kind === "model" ? [key.replace(/\/model\/\d+$/, "")] : []));
  while (!entries.some(({ kind }) => kind === "run.completed")) {
    const answered = new Set(entries.flatMap(({ kind, body }) => (kind === "interrupt.answered" ? [body.id] : [])));
    for (const { kind, body } of entries) {
      if (kind !== "interrupt.opened" || answered.has(body.id)) continue;
      await client.answer("s", { response: answerOf(body), interruptId: body.id, digest: body.digest });
    }
    const run = entries.length === 0 ? await begin(client, sessions, name) : client.resume("s");
    const result = await run.result;
    if (result.status === "failed") throw result.error;
    entries = await entriesOf(sessions);
  }
}

/** A session may have been made, and nothing more. */
async function begin(client: WorkflowClient, sessions: SessionRepository, name: string) {
  const isMade = await sessions.load("s").then(
    () => true,
    (error: unknown) => {
      if (isNotFound(error)) return false;
      throw error;
    },
  );
  return isMade ? client.resume("s") : client.start(workload(name), { sessionId: "s" });
}

async function entriesOf(sessions: SessionRepository) {
  try {
    return (await sessions.load("s")).entries;
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return StrandsError.isInstance(error) && error.code === "SESSION_NOT_FOUND";
}

/** Everything recorded that does not depend on how often it was begun, by key: branches take turns in any order. */
export async function storyOf(sessions: SessionRepository): Promise<unknown> {
  const { entries } = await sessions.load("s");
  const told = entries
    .filter(({ kind }) => !/^run\.(started|paused)$/.test(kind))
    .map(({ key, kind, body }) => {
      const { id: _id, digest: _digest, runId: _run, ...rest } = body as Readonly<Record<string, unknown>>;
      return { key: key.replace(/^run\/[^/]+/, "run"), kind, body: rest };
    });
  return told.sort((a, b) => (a.key < b.key ? -1 : 1));
}
