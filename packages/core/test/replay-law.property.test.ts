import fc from "fast-check";
import { describe, it } from "vitest";
import type { PatternType } from "../src/index.js";
import { type Crash, fileWrites } from "./support/dying-process.js";
import { expectSame, lived } from "./support/life.js";
import { patterns, scenario } from "./support/random-workflows.js";
import type { Fate } from "./support/world.js";

const runs = process.env["STRANDS_SOAK"] === "1" ? 5000 : 60;

const crash: fc.Arbitrary<Crash> = fc.record({
  at: fc.oneof(
    { weight: 4, arbitrary: fc.nat(5) },
    { weight: 2, arbitrary: fc.nat(14) },
    { weight: 1, arbitrary: fc.constantFrom(fileWrites, fileWrites + 1) },
  ),
  durable: fc.boolean(),
});
const fate: fc.Arbitrary<Fate> = fc.record({
  crashes: fc.array(crash, { minLength: 1, maxLength: 6 }),
  luck: fc.nat(),
});

describe("the replay law: crashes and pauses anywhere, then the end, the entries and the files of the calm run", () => {
  it.each(Object.keys(patterns) as PatternType[])("%s", async (type) => {
    await fc.assert(
      fc.asyncProperty(scenario(type), fate, async (given, rough) => {
        expectSame(await lived(given, rough), await lived(given));
      }),
      { numRuns: runs },
    );
  });
});
