import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { WorkflowClient } from "@strands/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChild } from "./support/run-child.js";
import { temporaryDirectory } from "./support/session-directory.js";
import { storageKinds } from "./support/storage-places.js";
import { durability, storageChild } from "./support/victim.js";

const soak = process.env["STRANDS_SOAK"] === "1";
const count = soak ? 200 : 20;
const processes = 8;

describe.each(storageKinds)("processes that resume the same sessions in $kind", (kind) => {
  let stop: () => Promise<void> = async () => {};
  beforeAll(async () => {
    stop = await kind.start();
  }, 60_000);
  afterAll(() => stop(), 60_000);

  it(`${processes} of them, ${count} sessions: every session is advanced by exactly one`, async () => {
    const directory = temporaryDirectory();
    const place = kind.place(directory);
    const sessions = kind.open(place);
    const client = new WorkflowClient({ sessions, model: async function* () {} });
    const ids: string[] = [];
    for (let i = 0; i < count; i += 1) {
      const { sessionId, status } = await client.run({
        version: 1,
        name: "asked",
        runtime: { provider: "test" },
        agents: { a: { prompt: "You are one." } },
        pattern: {
          type: "chain",
          config: {
            steps: [
              { type: "hitl", prompt: "Go on?" },
              { agent: "a", input: "Go." },
            ],
          },
        },
      });
      expect(status).toBe("paused");
      await client.answer(sessionId, { response: "yes" });
      ids.push(sessionId);
    }
    await client.close();

    const log = join(directory, "log");
    writeFileSync(log, "");
    const task = { mode: "contend", kind: kind.kind, place, durability, log, ids };
    const children = Array.from({ length: processes }, () =>
      startChild([process.execPath, storageChild, JSON.stringify(task)]),
    );
    for (const { next } of children) expect(await next()).toBe("ready");
    for (const { tell } of children) tell("go");
    const said = (await Promise.all(children.map(({ ended }) => ended))).flat().filter((line) => line !== "ready");

    expect(said.length).toBe(processes * count);
    for (const line of said) {
      expect(line).toMatch(/ (completed|SESSION_LEASED|SESSION_CONFLICT|SESSION_COMPLETED)$/);
    }
    const advanced = said.filter((line) => line.endsWith(" completed")).map((line) => line.split(" ")[0]);
    expect(advanced.sort()).toEqual([...ids].sort());
    expect(readFileSync(log, "utf8").trimEnd().split("\n").length).toBe(count);
    for (const id of ids) {
      const { entries } = await sessions.load(id);
      const kinds = entries.map((entry) => entry.kind);
      expect(kinds.filter((name) => name === "model").length).toBe(1);
      expect(kinds.filter((name) => name === "run.completed").length).toBe(1);
    }
    await sessions.close?.();
  }, 600_000);
});
