import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { scriptedModel, toolCall } from "../../test/support/scripted-model.js";
import { tool } from "../../test/support/tool-turns.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { Tool } from "../tool/tool.js";
import { SessionManager } from "./session-manager.js";

const flow = chainSpec(["One", ask("Fine?"), "Then {{ hitl_response }}"]);
const timed = chainSpec(["One", ask("Fine?", { timeout_minutes: 1 }), "Then {{ hitl_response }}"]);
const managed = (options: Parameters<typeof bench>[0] = {}) => {
  const place = bench(options);
  return { ...place, manager: new SessionManager(place.client) };
};

/** A session that was answered and has completed. */
async function finished() {
  const place = managed();
  await place.client.run(flow, { sessionId: "s", labels: { kept: "yes" } });
  const result = await place.client.resume("s", { response: "go" }).result;
  return { ...place, result };
}

describe("SessionManager.fork", () => {
  it("from any entry on comes to the same end, without running what is shared again", async () => {
    const { manager, sessions, again } = await finished();
    const { length } = await sessions.entries("s");
    for (let atSeq = 1; atSeq < length; atSeq += 1) {
      const fork = await manager.fork("s", { atSeq });
      const shared = await sessions.entries(fork.id);
      const { client, listen } = again();
      const { events } = listen();
      const answer = fork.pending.length > 0 ? { response: "go" } : {};
      const result = await client.resume(fork.id, { ...answer, onInterrupt: () => "go" }).result;
      expect(result).toMatchObject({ status: "completed", lastResponse: expect.stringContaining("Then go") });
      const models = (await sessions.entries(fork.id)).filter(({ kind }) => kind === "model");
      expect(models.map(({ key }) => key)).toEqual(["steps/0/model/0", "steps/2/model/0"]);
      const old = shared.filter(({ kind }) => kind === "model").length;
      expect(events.filter((event) => event.type === "step_complete" && event.replayed)).toHaveLength(old);
    }
    expect(await sessions.entries("s")).toHaveLength(length);
  });

  it("names where it comes from, and stands as if the other had stopped there", async () => {
    const { manager, sessions, clock } = await finished();
    clock.pass(5000);
    const journal = await sessions.journal("s");
    const atModel = journal.indexOf("model steps/0/model/0") + 1;
    const cut = await manager.fork("s", { atSeq: atModel, sessionId: "mine" });
    expect(cut).toMatchObject({ id: "mine", status: "cancelled", createdAt: clock.now(), pending: [] });
    const { record, entries } = await manager.get("mine");
    expect(record.labels).toEqual({ kept: "yes", forkedFrom: `s/${atModel}` });
    expect(entries.at(-1)).toMatchObject({
      seq: atModel + 1,
      kind: "run.cancelled",
      body: { reason: `Forked from session s at entry ${atModel}` },
    });
    const asked = await manager.fork("s", { atSeq: atModel + 1 });
    expect(asked).toMatchObject({ status: "paused", pending: [{ prompt: "Fine?" }] });
    expect(await errorOf(manager.fork("s", { atSeq: 1, sessionId: "mine" }))).toMatchObject({ code: "SESSION_EXISTS" });
  });

  it("asks open questions anew: an answer to the one is none to the other", async () => {
    const { manager, client, clock, sessions } = managed();
    await client.run(timed, { sessionId: "s" });
    const [old] = (await manager.get("s")).interrupts;
    clock.pass(50_000);
    const fork = await manager.fork("s");
    const view = await manager.get(fork.id);
    const [mine] = view.interrupts;
    expect(mine?.interrupt).toEqual({
      ...old?.interrupt,
      id: mine?.interrupt.id,
      digest: mine?.interrupt.digest,
      expiresAt: clock.now() + 60_000,
    });
    expect(mine?.interrupt.id).not.toBe(old?.interrupt.id);
    expect(mine?.interrupt.digest).not.toBe(old?.interrupt.digest);
    expect((await sessions.entries(fork.id)).at(-1)?.body).toMatchObject({ interrupts: [mine?.interrupt.id] });
    const { id: interruptId = "", digest = "" } = old?.interrupt ?? {};
    const given = { response: "go", interruptId };
    expect(await errorOf(client.answer(fork.id, given))).toMatchObject({ code: "INTERRUPT_NOT_FOUND" });
    expect(await errorOf(client.answer(fork.id, { response: "go", digest }))).toMatchObject({
      code: "INTERRUPT_STALE",
    });
    await client.answer(fork.id, { response: "other" });
    expect((await manager.get("s")).interrupts[0]?.answer).toBeUndefined();
    expect((await client.resume("s", { response: "go" }).result).status).toBe("completed");
    expect(await client.resume(fork.id).result).toMatchObject({ lastResponse: expect.stringContaining("Then other") });
  });

  it.each([
    ["once", "paused", 1],
    ["idempotent", "paused", 1],
    ["read", "completed", 2],
  ] as const)(
    "has a person asked about a call under way that is %s: %s",
    async (effect: Tool["effect"], status, calls) => {
      let called = 0;
      const count = (): string => {
        called += 1;
        return "sent";
      };
      const send = tool("send", count, effect);
      const model = scriptedModel((request) => (request.messages.length === 1 ? [toolCall("send", {}, "c")] : "done"));
      const { client, manager, sessions } = managed({ model, tools: [send] });
      await client.run(chainSpec(["x"]), { sessionId: "s" });
      const atSeq = (await sessions.journal("s")).findIndex((line) => line.startsWith("tool.intent")) + 1;
      const fork = await manager.fork("s", { atSeq });
      expect((await client.resume(fork.id).result).status).toBe(status);
      expect(called).toBe(calls);
      // With its result the call is over, whatever it was.
      const later = await manager.fork("s", { atSeq: atSeq + 1 });
      expect((await client.resume(later.id).result).status).toBe("completed");
      expect(called).toBe(calls);
      expect((await sessions.entries(later.id)).find(({ kind }) => kind === "tool.intent")?.body).toMatchObject({
        effect,
      });
    },
  );

  it("refuses an entry that is not there, and the end of what has completed", async () => {
    const { manager, sessions } = await finished();
    const { length } = await sessions.entries("s");
    for (const atSeq of [0, -1, 1.5, length + 1, Number.NaN]) {
      expect(await errorOf(manager.fork("s", { atSeq }))).toMatchObject({ code: "INPUT_INVALID" });
    }
    const error = await errorOf(manager.fork("s"));
    expect(error).toMatchObject({
      code: "SESSION_COMPLETED",
      hint: expect.stringContaining(`${length - 1} at the latest`),
    });
    expect(await errorOf(manager.fork("gone"))).toMatchObject({ code: "SESSION_NOT_FOUND" });
    expect((await manager.list()).sessions).toHaveLength(1);
  });

  it("leaves nothing behind when it cannot be stored", async () => {
    const { manager, sessions } = await finished();
    sessions.onAppend(() => "lost");
    await expect(manager.fork("s", { atSeq: 2 })).rejects.toMatchObject({ name: "SimulatedCrash" });
    expect((await manager.list()).sessions.map(({ id }) => id)).toEqual(["s"]);
  });
});
