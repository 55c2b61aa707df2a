import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { echoModel } from "../../test/support/scripted-model.js";
import { ask, bench, chainSpec } from "../../test/support/workflows.js";
import type { SessionRepository } from "../session/repository.js";
import { SessionManager } from "./session-manager.js";

const flow = chainSpec(["One", ask(), "Two"]);
const plain = chainSpec(["One"], { name: "plain" });
const parallel = {
  ...plain,
  pattern: {
    type: "parallel" as const,
    config: {
      branches: ["a", "b"].map((id) => ({ id, steps: [{ agent: "writer", input: id }] })),
    },
  },
};
const dayMs = 86_400_000;

const managed = (options: Parameters<typeof bench>[0] = {}) => {
  const place = bench(options);
  return { ...place, manager: new SessionManager(place.client) };
};
const idsOf = (sessions: readonly { readonly id: string }[]): string[] => sessions.map(({ id }) => id);

describe("SessionManager.list and iterate", () => {
  it("filters by status, workflow, pattern and time, with pages that meet", async () => {
    const { client, clock, manager } = managed();
    for (let n = 0; n < 12; n += 1) {
      await client.run(n % 3 === 0 ? parallel : n % 3 === 1 ? flow : plain, { sessionId: `s${n}` });
      clock.pass(n % 4 === 0 ? 0 : 1000);
    }
    expect(idsOf((await manager.list({ status: "paused" })).sessions)).toHaveLength(4);
    const all = idsOf((await manager.list({ patternType: "parallel" })).sessions);
    expect(all).toEqual(["s9", "s6", "s3", "s0"]);
    for (const limit of [1, 2, 3, 4, 5]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await manager.list({ patternType: "chain", limit, ...(cursor === undefined ? {} : { cursor }) });
        expect(page.sessions.length).toBeLessThanOrEqual(limit);
        expect(page.next === undefined || page.sessions.length === limit).toBe(true);
        seen.push(...idsOf(page.sessions));
        cursor = page.next;
      } while (cursor !== undefined);
      const expected: string[] = [];
      for await (const session of manager.iterate({ limit: 100 })) {
        if (session.patternType === "chain") expected.push(session.id);
      }
      expect(seen).toEqual(expected);
      expect(seen).toHaveLength(8);
    }
    const { createdAt } = (await manager.get("s6")).summary;
    expect(idsOf((await manager.list({ since: createdAt, patternType: "parallel" })).sessions)).toEqual(["s9", "s6"]);
    const named: string[] = [];
    for await (const { id } of manager.iterate({ workflowName: "test-flow", limit: 1 })) named.push(id);
    expect(named.sort()).toEqual(["s1", "s10", "s4", "s7"]);
  });

  it("keeps its place when the session it stopped at is deleted", async () => {
    const { client, clock, manager } = managed();
    for (const id of ["a", "b", "c"]) {
      await client.run(parallel, { sessionId: id });
      clock.pass(10);
    }
    const first = await manager.list({ patternType: "parallel", limit: 1 });
    await manager.delete("c");
    const rest = await manager.list({ patternType: "parallel", cursor: first.next ?? "" });
    expect(idsOf(rest.sessions)).toEqual(["b", "a"]);
  });

  it("refuses a cursor and a time that cannot be", async () => {
    const { manager } = managed();
    expect(await errorOf(manager.list({ patternType: "chain", cursor: "x" }))).toMatchObject({ code: "INPUT_INVALID" });
    expect(await errorOf(manager.list({ since: Number.NaN }))).toMatchObject({ code: "INPUT_INVALID" });
  });

  it("works on a repository that has only what the port asks for", async () => {
    const { sessions, client } = managed();
    await client.run(plain, { sessionId: "one" });
    const own: SessionRepository = {
      name: "own",
      create: (record) => sessions.create(record),
      load: (id) => sessions.load(id),
      claim: (id, request) => sessions.claim(id, request),
      list: (query) => sessions.list(query),
      delete: (id) => sessions.delete(id),
    };
    const { client: other } = bench({ sessions: own as typeof sessions });
    const manager = new SessionManager(other);
    const exported = await manager.export("one");
    await manager.delete("one");
    await manager.import(exported);
    expect((await manager.steps("one")).length).toBe(1);
    expect((await manager.list({ patternType: "chain" })).sessions).toHaveLength(1);
    await other.close();
    expect(await errorOf(manager.list())).toMatchObject({ code: "CLIENT_CLOSED" });
  });
});

describe("SessionManager.cancel", () => {
  it.each(["paused", "failed"])("cancels a session that has %s, once, and it can still be resumed", async (status) => {
    let broken = status === "failed";
    const echo = echoModel();
    const { client, manager, clock, sessions } = managed({
      model: async function* (request, options) {
        if (broken) throw new Error("broken");
        yield* echo.stream(request, options);
      },
    });
    await client.run(flow, { sessionId: "s" });
    expect((await manager.get("s")).summary.status).toBe(status);
    clock.pass(5);
    const summary = await manager.cancel("s", "Not needed");
    expect(summary).toEqual((await manager.get("s")).summary);
    expect(summary).toMatchObject({ status: "cancelled", updatedAt: clock.now() });
    expect("error" in summary).toBe(false);
    expect((await sessions.entries("s")).at(-1)).toMatchObject({
      kind: "run.cancelled",
      body: { reason: "Not needed" },
    });
    const { length } = await sessions.entries("s");
    expect((await manager.cancel("s", "again")).status).toBe("cancelled");
    expect((await sessions.entries("s")).length).toBe(length);
    broken = false;
    expect((await manager.resume("s", { onInterrupt: () => "yes" }).result).status).toBe("completed");
    expect(await errorOf(manager.cancel("s"))).toMatchObject({ code: "SESSION_COMPLETED" });
  });

  it("cancels the run of this process through the run", async () => {
    const { client, manager } = managed({
      model: async function* (_, { signal }) {
        yield "begun";
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    });
    const run = client.start(flow, { sessionId: "s" });
    for await (const event of run.events()) {
      if (event.type === "token") expect((await manager.cancel("s", "Enough")).status).toBe("cancelled");
    }
    expect(await run.result).toMatchObject({ status: "cancelled", reason: "Enough" });
  });

  it("is refused while another process runs the session", async () => {
    const { sessions, again, client } = managed();
    await client.run(flow, { sessionId: "s" });
    const { epoch, entries } = await sessions.load("s");
    const request = { afterEpoch: epoch, afterSeq: entries.length, owner: "elsewhere", purpose: "run" } as const;
    const claim = await sessions.claim("s", request);
    const manager = new SessionManager(again().client);
    const error = await errorOf(manager.cancel("s"));
    expect(error).toMatchObject({
      code: "SESSION_LEASED",
      hint: expect.stringContaining("in the process that has it"),
    });
    expect((await sessions.entries("s")).length).toBe(entries.length);
    await claim.release();
    expect((await manager.cancel("s")).status).toBe("cancelled");
  });

  it("overtakes a process that was taken for gone", async () => {
    const { sessions, manager, client } = managed();
    await client.run(flow, { sessionId: "s" });
    const { epoch, entries } = await sessions.load("s");
    const zombie = await sessions.claim("s", {
      afterEpoch: epoch,
      afterSeq: entries.length,
      owner: "zombie",
      purpose: "record",
    });
    await manager.cancel("s");
    const late = {
      v: 1,
      seq: entries.length + 1,
      epoch: epoch + 1,
      key: "k",
      kind: "value",
      at: 0,
      body: { value: 1 },
    };
    expect(await errorOf(zombie.append(entries.length + 1, [late as never]))).toMatchObject({
      code: "SESSION_CONFLICT",
    });
    expect((await sessions.journal("s")).slice(-2)).toEqual([
      expect.stringMatching(/^run.started run\//),
      expect.stringMatching(/^run.cancelled run\/.*\/end$/),
    ]);
  });
});

describe("SessionManager.cleanup", () => {
  it("deletes what has not moved, and neither completed nor running sessions", async () => {
    const { client, manager, clock, sessions } = managed();
    await client.run(plain, { sessionId: "done" });
    await client.run(flow, { sessionId: "old" });
    await client.run(flow, { sessionId: "leased" });
    await client.run(flow, { sessionId: "cut-off" });
    const open = async (id: string) => {
      const { epoch, entries } = await sessions.load(id);
      return sessions.claim(id, { afterEpoch: epoch, afterSeq: entries.length, owner: "o", purpose: "run" });
    };
    await open("leased");
    const cut = await open("cut-off");
    const { length } = await sessions.entries("cut-off");
    const started = { kind: "run.started", key: "run/z", body: { runId: "z", owner: "o" } } as const;
    await cut.append(length + 1, [{ v: 1, seq: length + 1, epoch: cut.epoch, at: clock.now(), ...started }]);
    await cut.release();
    clock.pass(7 * dayMs);
    await client.run(flow, { sessionId: "new" });
    expect(await manager.cleanup()).toEqual({ deleted: [], failed: [] });
    clock.pass(1);
    expect(idsOf((await manager.cleanup({ dryRun: true })).deleted).sort()).toEqual(["leased", "old"]);
    expect(idsOf((await manager.cleanup()).deleted)).toEqual(["old"]);
    expect(idsOf((await manager.cleanup({ keepCompleted: false })).deleted)).toEqual(["done"]);
    expect(idsOf((await manager.list()).sessions).sort()).toEqual(["cut-off", "leased", "new"]);
    expect(idsOf((await manager.cleanup({ maxAgeDays: 0 })).deleted)).toEqual(["new"]);
    expect(await errorOf(manager.cleanup({ maxAgeDays: -1 }))).toMatchObject({ code: "INPUT_INVALID" });
  });

  it("says what could not be deleted, and goes on", async () => {
    const { client, clock, sessions } = managed();
    await client.run(flow, { sessionId: "a" });
    await client.run(flow, { sessionId: "b" });
    clock.pass(8 * dayMs);
    const { SessionError } = await import("../error/errors.js");
    const broken = {
      ...sessions,
      delete: async (id: string) => {
        if (id === "a") throw new SessionError("SESSION_STORAGE", "no", { sessionId: id });
        return sessions.delete(id);
      },
    };
    const manager = new SessionManager(bench({ sessions: broken, clock }).client);
    const { deleted, failed } = await manager.cleanup();
    expect(idsOf(deleted)).toEqual(["b"]);
    expect(failed).toMatchObject([{ sessionId: "a", error: { code: "SESSION_STORAGE" } }]);
  });
});
