import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WorkflowClient } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const rounds = 100;

type Message =
  | { readonly type: "ready" }
  | { readonly type: "proceeding"; readonly round: number }
  | { readonly type: "ended"; readonly round: number; readonly outcome: string; readonly calls: number };

/** A process that takes part in the contests, and the messages it sends. */
class Contestant {
  readonly process: ChildProcess = fork(join(import.meta.dirname, "contend-child.mjs"), { execArgv: [] });
  #waiting: ((message: Message) => void)[] = [];
  #messages: Message[] = [];

  constructor() {
    this.process.on("message", (message: Message) => {
      const waiter = this.#waiting.shift();
      if (waiter === undefined) this.#messages.push(message);
      else waiter(message);
    });
  }

  next(): Promise<Message> {
    const message = this.#messages.shift();
    return message === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(message);
  }
}

describe("several processes resuming one session", () => {
  let directory: string;
  let contestants: Contestant[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "strands-contend-"));
    contestants = Array.from({ length: 8 }, () => new Contestant());
    for (const contestant of contestants) expect(await contestant.next()).toEqual({ type: "ready" });
  });
  afterAll(() => {
    for (const { process } of contestants) process.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  /** A session that failed in its only step, ready to be resumed. */
  async function failedSession(): Promise<string> {
    const client = new WorkflowClient({
      sessions: createFileRepository({ directory, durability: "process" }),
      // biome-ignore lint/correctness/useYield: this model only fails
      async *model() {
        throw new Error("not yet");
      },
    });
    const result = await client.run({
      version: 1,
      name: "contended",
      runtime: { provider: "test" },
      agents: { a: { prompt: "You are one." } },
      pattern: { type: "chain", config: { steps: [{ agent: "a", input: "Go." }] } },
    });
    await client.close();
    expect(result.status).toBe("failed");
    return result.sessionId;
  }

  /** All try at once. The one that proceeds is held in its model call until the others have been refused. */
  async function contest(entrants: readonly Contestant[], round: number): Promise<void> {
    const sessionId = await failedSession();
    for (const { process } of entrants) process.send({ type: "resume", directory, sessionId, round });
    const first = await Promise.all(entrants.map(async (entrant) => ({ entrant, message: await entrant.next() })));
    const proceeding = first.filter(({ message }) => message.type === "proceeding");
    const refused = first.flatMap(({ message }) => (message.type === "ended" ? [message] : []));
    expect(proceeding).toHaveLength(1);
    for (const { outcome, calls } of refused) {
      expect(["SESSION_LEASED", "SESSION_CONFLICT"]).toContain(outcome);
      expect(calls).toBe(0);
    }
    const winner = proceeding[0]?.entrant;
    winner?.process.send({ type: "release" });
    expect(await winner?.next()).toEqual({ type: "ended", round, outcome: "completed", calls: 1 });
  }

  it.each([2, 4, 8])(
    `%i processes, ${rounds} rounds: exactly one proceeds each time`,
    async (count) => {
      for (let round = 0; round < rounds; round += 1) await contest(contestants.slice(0, count), round);
    },
    300_000,
  );

  /** A session that waits for an answer. */
  async function pausedSession(): Promise<string> {
    const sessions = createFileRepository({ directory, durability: "process" });
    const client = new WorkflowClient({ sessions, model: async function* () {} });
    const result = await client.run({
      version: 1,
      name: "asked",
      runtime: { provider: "test" },
      agents: { a: { prompt: "You are one." } },
      pattern: { type: "chain", config: { steps: [{ type: "hitl", prompt: "Go on?" }] } },
    });
    await client.close();
    expect(result.status).toBe("paused");
    return result.sessionId;
  }

  it(`2 and 4 different answers at once, ${rounds} rounds: one is recorded, the others are told whose and when`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const entrants = contestants.slice(0, round % 2 === 0 ? 2 : 4);
      const sessionId = await pausedSession();
      for (const [index, { process }] of entrants.entries()) {
        process.send({ type: "answer", directory, sessionId, round, response: `answer-${index}` });
      }
      const messages = await Promise.all(entrants.map((entrant) => entrant.next()));
      const outcomes = messages.map((message) => (message.type === "ended" ? message.outcome : ""));
      const winner = outcomes.indexOf("recorded");
      const refusal = new RegExp(`^SESSION_CONFLICT: .* by process answer-${winner} at 20.*: \`answer-${winner}\`$`);
      for (const [index, outcome] of outcomes.entries()) if (index !== winner) expect(outcome).toMatch(refusal);
      const { entries } = await createFileRepository({ directory }).load(sessionId);
      const answers = entries.flatMap((entry) => (entry.kind === "interrupt.answered" ? [entry.body.response] : []));
      expect(answers).toEqual([`answer-${winner}`]);
    }
  }, 300_000);
});
