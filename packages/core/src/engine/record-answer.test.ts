import { describe, expect, it } from "vitest";
import { skippingClock } from "../../test/support/clocks.js";
import { errorOf } from "../../test/support/error-of.js";
import { type FaultyRepository, faultyRepository } from "../../test/support/faulty-repository.js";
import type { Entry, EntryDraft, InterruptRecord } from "../session/entry.js";
import { createMemoryRepository } from "../session/memory-repository.js";
import { recordAnswer, recordTimeouts } from "./record-answer.js";

const question = (id: string, more: Partial<InterruptRecord> = {}): InterruptRecord => ({
  id,
  digest: `digest ${id}`,
  stepKey: `steps/${id}`,
  type: "input",
  prompt: "Go on?",
  context: "",
  ...more,
});

let sessions = 0;

/** A session that has paused with these questions. */
async function paused(
  questions: readonly InterruptRecord[],
  repository: FaultyRepository = faultyRepository(createMemoryRepository()),
) {
  sessions += 1;
  const id = `session-${sessions}`;
  await repository.create({
    id,
    workflowName: "flow",
    patternType: "chain",
    specHash: "h",
    spec: {
      version: 0,
      name: "flow",
      runtime: { provider: "p" },
      agents: {},
      pattern: { type: "chain", config: { steps: [] } },
    },
    variables: {},
    createdAt: 1,
  });
  const claim = await repository.claim(id, { afterEpoch: 0, afterSeq: 0, owner: "o", purpose: "run" });
  const drafts: EntryDraft[] = [
    { key: "run/r", kind: "run.started", body: { runId: "r", owner: "o" } },
    ...questions.map((body): EntryDraft => ({ key: body.stepKey, kind: "interrupt.opened", body })),
    { key: "run/r/end", kind: "run.paused", body: { runId: "r", interrupts: questions.map(({ id: one }) => one) } },
  ];
  await claim.append(
    1,
    drafts.map((draft, index): Entry => ({ v: 1, seq: index + 1, epoch: 1, at: 5, ...draft })),
  );
  await claim.release();
  return { id, repository };
}

const platform = () => ({ clock: skippingClock(Date.UTC(2026, 0, 2, 3, 4, 5)), random: () => 0.5, owner: "o" });

describe("recordAnswer", () => {
  it("records the answer and nothing else, and leaves the session free", async () => {
    const { id, repository } = await paused([question("a")]);
    const { answer, ...rest } = await recordAnswer(repository, id, { response: "yes", by: "Ann" }, platform());
    expect(rest).toEqual({ answeredAt: Date.UTC(2026, 0, 2, 3, 4, 5), already: false });
    expect(answer).toEqual({ id: "a", digest: "digest a", response: "yes", source: "person", by: "Ann" });
    const entries = await repository.entries(id);
    expect(entries.at(-1)).toEqual({
      v: 1,
      seq: 4,
      epoch: 2,
      key: "steps/a/answer",
      kind: "interrupt.answered",
      at: Date.UTC(2026, 0, 2, 3, 4, 5),
      body: answer,
    });
    expect(repository.claims).toEqual({ opened: 2, released: 2 });
    await (await repository.claim(id, { afterEpoch: 2, afterSeq: 4, owner: "o", purpose: "run" })).release();
  });

  it("takes the same answer twice as one", async () => {
    const { id, repository } = await paused([question("a")]);
    const first = await recordAnswer(repository, id, { response: "yes", by: "Ann" }, platform());
    const second = await recordAnswer(repository, id, { response: "yes", by: "Bob" }, platform());
    expect(second).toEqual({ ...first, already: true });
    expect(await repository.entries(id)).toHaveLength(4);
  });

  it("refuses a different second answer, and says who answered what and when", async () => {
    const { id, repository } = await paused([question("a")]);
    await recordAnswer(repository, id, { response: "yes", by: "Ann" }, platform());
    const error = await errorOf(recordAnswer(repository, id, { response: "no", by: "Bob" }, platform()));
    expect(error).toMatchObject({
      code: "SESSION_CONFLICT",
      message: "This was already answered by Ann at 2026-01-02T03:04:05.000Z: `yes`",
      details: { answeredBy: "Ann", answeredAt: "2026-01-02T03:04:05.000Z", response: "yes" },
    });
    expect(await repository.entries(id)).toHaveLength(4);
  });

  it("needs the question's id when several are open, and names them", async () => {
    const { id, repository } = await paused([question("a"), question("b")]);
    const error = await errorOf(recordAnswer(repository, id, { response: "yes" }, platform()));
    expect(error).toMatchObject({ code: "INTERRUPT_NOT_FOUND", details: { pending: ["a", "b"] } });
    expect(error.hint).toBe("Open: a (steps/a), b (steps/b).");
    await recordAnswer(repository, id, { response: "yes", interruptId: "b" }, platform());
    // Only one is open now, so it is clear which one is meant.
    expect(await recordAnswer(repository, id, { response: "no" }, platform())).toMatchObject({
      answer: { id: "a", response: "no" },
    });
  });

  it("refuses an id that is not there, a digest that has changed and an answer that does not fit", async () => {
    const { id, repository } = await paused([question("a", { choices: ["retry", "skip"] })]);
    const codeOf = async (request: Parameters<typeof recordAnswer>[2]) =>
      (await errorOf(recordAnswer(repository, id, request, platform()))).code;
    expect(await codeOf({ response: "skip", interruptId: "zzz" })).toBe("INTERRUPT_NOT_FOUND");
    expect(await codeOf({ response: "skip", digest: "digest b" })).toBe("INTERRUPT_STALE");
    expect(await codeOf({ response: "maybe" })).toBe("INTERRUPT_INVALID");
    expect(await repository.entries(id)).toHaveLength(3);
    await recordAnswer(repository, id, { response: "skip", digest: "digest a", interruptId: "a" }, platform());
    expect(await repository.entries(id)).toHaveLength(4);
    expect(await codeOf({ response: "retry" })).toBe("SESSION_CONFLICT");
  });

  it("refuses an answer when nothing is asked, and a session that is not there", async () => {
    const { id, repository } = await paused([]);
    expect((await errorOf(recordAnswer(repository, id, { response: "x" }, platform()))).code).toBe(
      "INTERRUPT_NOT_FOUND",
    );
    expect((await errorOf(recordAnswer(repository, "nowhere", { response: "x" }, platform()))).code).toBe(
      "SESSION_NOT_FOUND",
    );
  });

  it("lets exactly one of two different answers win, 1,000 times over, and tells the other who did", async () => {
    const repository = faultyRepository(createMemoryRepository());
    let wins = { Ann: 0, Bob: 0 };
    for (let round = 0; round < 1000; round += 1) {
      const { id } = await paused([question("a")], repository);
      const people = round % 2 === 0 ? (["Ann", "Bob"] as const) : (["Bob", "Ann"] as const);
      const outcomes = await Promise.allSettled(
        people.map((by) => recordAnswer(repository, id, { response: `by ${by}`, by }, platform())),
      );
      const won = outcomes.filter((outcome) => outcome.status === "fulfilled");
      const lost = outcomes.filter((outcome) => outcome.status === "rejected");
      expect([won.length, lost.length]).toEqual([1, 1]);
      const winner = won[0]?.value.answer.by as "Ann" | "Bob";
      expect(lost[0]?.reason).toMatchObject({
        code: "SESSION_CONFLICT",
        details: { answeredBy: winner, response: `by ${winner}` },
      });
      expect((await repository.entries(id)).filter((entry) => entry.kind === "interrupt.answered")).toHaveLength(1);
      wins = { ...wins, [winner]: wins[winner] + 1 };
    }
    expect(wins.Ann + wins.Bob).toBe(1000);
  });

  it("tries again after a claim was lost to somebody who answered another question", async () => {
    const { id, repository } = await paused([question("a"), question("b")]);
    const answers = await Promise.all(
      ["a", "b"].map((interruptId) => recordAnswer(repository, id, { response: "yes", interruptId }, platform())),
    );
    expect(answers.map(({ answer }) => answer.id)).toEqual(["a", "b"]);
    expect((await repository.entries(id)).filter((entry) => entry.kind === "interrupt.answered")).toHaveLength(2);
  });

  it("gives up in the end when it never gets its turn", async () => {
    const { id, repository } = await paused([question("a")]);
    repository.onAppend(() => "refused");
    const { clock, ...rest } = platform();
    expect((await errorOf(recordAnswer(repository, id, { response: "yes" }, { ...rest, clock }))).code).toBe(
      "SESSION_CONFLICT",
    );
    expect(clock.waits.length).toBeGreaterThan(10);
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(25);
    expect(repository.claims.opened).toBe(repository.claims.released);
  });

  it("passes a storage error on at once", async () => {
    const { id, repository } = await paused([question("a")]);
    repository.onAppend(() => "lost");
    await expect(recordAnswer(repository, id, { response: "yes" }, platform())).rejects.toMatchObject({
      name: "SimulatedCrash",
    });
    expect(repository.claims.opened).toBe(repository.claims.released);
  });
});

describe("recordTimeouts", () => {
  const now = platform().clock.now();
  const soon = (id: string, expiresAt = now): InterruptRecord => question(id, { expiresAt, default: `default ${id}` });

  it("answers every question whose time is up, in one append, and leaves the others", async () => {
    const { id, repository } = await paused([soon("a"), soon("b", now + 1), question("c"), soon("d", now - 9)]);
    const answered = await recordTimeouts(repository, id, platform());
    expect(answered.map(({ interrupt, answer, answeredAt }) => [interrupt.id, answer?.response, answeredAt])).toEqual([
      ["a", "default a", now],
      ["d", "default d", now],
    ]);
    expect(repository.appends.at(-1)).toMatchObject([
      { kind: "interrupt.answered", key: "steps/a/answer", at: now, body: { id: "a", source: "timeout" } },
      { kind: "interrupt.answered", key: "steps/d/answer", at: now, body: { id: "d", source: "timeout" } },
    ]);
    expect(repository.claims.released).toBe(repository.claims.opened);
    expect(await recordTimeouts(repository, id, platform())).toEqual([]);
  });

  it("writes nothing, and claims nothing, when nothing is due", async () => {
    const { id, repository } = await paused([soon("a", now + 1)]);
    const { opened } = repository.claims;
    expect(await recordTimeouts(repository, id, platform())).toEqual([]);
    expect(repository.claims.opened).toBe(opened);
    expect((await errorOf(recordTimeouts(repository, "nowhere", platform()))).code).toBe("SESSION_NOT_FOUND");
  });

  it("never wins together with a person", async () => {
    for (let round = 0; round < 200; round += 1) {
      const { id, repository } = await paused([soon("a")]);
      const person = recordAnswer(repository, id, { response: "mine" }, platform());
      const [first, second] =
        round % 2 === 0
          ? [person, recordTimeouts(repository, id, platform())]
          : [recordTimeouts(repository, id, platform()), person];
      await Promise.allSettled([first, second]);
      const answers = (await repository.entries(id)).filter(({ kind }) => kind === "interrupt.answered");
      expect(answers).toHaveLength(1);
    }
  });
});
