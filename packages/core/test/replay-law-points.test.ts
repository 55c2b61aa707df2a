import { describe, expect, it } from "vitest";
import type { PatternType } from "../src/index.js";
import { type Crash, fileWrites } from "./support/dying-process.js";
import { expectSame, lived } from "./support/life.js";
import { type Scenario, specOf } from "./support/random-workflows.js";
import { sampleWorkflows } from "./support/sample-workflows.js";

describe("every single crash point of one workflow with two pauses", () => {
  it.each(Object.keys(sampleWorkflows) as PatternType[])("%s", async (type) => {
    const given: Scenario = { spec: specOf(sampleWorkflows[type]), seed: 5, people: "plain" };
    const calm = await lived(given);
    expect(calm.result?.status).toBe("completed");
    expect(calm.entries.filter((entry) => entry.kind === "interrupt.answered").length).toBeGreaterThan(1);
    const points = [...Array(calm.world.appends).keys(), fileWrites, fileWrites + 1];
    const never = { at: fileWrites - 1, durable: false };
    for (const at of points) {
      for (const durable of [false, true]) {
        // The n-th process dies there, so that points after a pause are reached too.
        for (let calmProcesses = 0; calmProcesses < 3; calmProcesses += 1) {
          const crashes: readonly Crash[] = [...Array<Crash>(calmProcesses).fill(never), { at, durable }];
          expectSame(await lived(given, { crashes, luck: at }), calm);
        }
      }
    }
  });
});
