import { describe, expect, it } from "vitest";
import { createMemoryRepository } from "./memory-repository.js";

// The contract runs in packages/sessions/test: nothing that core is made of may import what is made for its users.
describe("createMemoryRepository", () => {
  const record = {
    id: "one",
    workflowName: "sample",
    patternType: "chain",
    specHash: "0",
    spec: {
      version: 0,
      name: "sample",
      runtime: { provider: "offline" },
      agents: {},
      pattern: { type: "chain", config: { steps: [] } },
    },
    variables: {},
    createdAt: 0,
  } as const;

  it("says what to do about a session that is not there", async () => {
    await expect(createMemoryRepository().load("absent")).rejects.toMatchObject({
      code: "SESSION_NOT_FOUND",
      hint: expect.stringContaining("deleted"),
    });
  });

  it("freezes what it keeps, and copies nothing", async () => {
    const repository = createMemoryRepository();
    await repository.create(record);
    const claim = await repository.claim("one", { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" });
    const entry = { v: 1, seq: 1, epoch: 1, key: "k", kind: "value", at: 0, body: { value: 1 } } as const;
    await claim.append(1, [entry]);
    const { entries } = await repository.load("one");
    expect(entries[0]).toBe(entry);
    expect(Object.isFrozen(entry)).toBe(true);
    expect(Object.isFrozen(entry.body)).toBe(true);
  });

  it("answers every append with one promise", async () => {
    const repository = createMemoryRepository();
    await repository.create(record);
    const claim = await repository.claim("one", { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" });
    const append = (seq: number): Promise<void> =>
      claim.append(seq, [{ v: 1, seq, epoch: 1, key: `k${seq}`, kind: "value", at: 0, body: { value: seq } }]);
    expect(append(1)).toBe(append(2));
  });

  it.each([
    ["a completed one", { kind: "run.completed", body: { runId: "r", lastResponse: "", agentId: "a" } }, true],
    ["a rejected one", { kind: "run.cancelled", body: { runId: "r", reason: "no", rejected: true } }, true],
    ["a cancelled one", { kind: "run.cancelled", body: { runId: "r", reason: "later" } }, false],
    ["a paused one", { kind: "run.paused", body: { runId: "r", interrupts: ["i"] } }, false],
  ] as const)("keeps so many sessions that have ended for good: %s", async (_, end, forgotten) => {
    const repository = createMemoryRepository({ keepEnded: 1 });
    for (const id of ["one", "two"]) {
      await repository.create({ ...record, id });
      const claim = await repository.claim(id, { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" });
      await claim.append(1, [{ v: 1, seq: 1, epoch: 1, key: "end", at: 0, ...end }]);
      await claim.release();
    }
    const { sessions } = await repository.list();
    expect(sessions.map(({ id }) => id).sort()).toEqual(forgotten ? ["two"] : ["one", "two"]);
    if (forgotten) await repository.create({ ...record, id: "one" });
  });

  it("takes a name", () => {
    expect(createMemoryRepository().name).toBe("memory");
    expect(createMemoryRepository({ name: "scratch" }).name).toBe("scratch");
  });
});
