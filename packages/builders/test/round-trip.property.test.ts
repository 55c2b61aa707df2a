import { supportedFormat } from "@strands/core";
import { parseSpec } from "@strands/loader";
import fc from "fast-check";
import { describe, it } from "vitest";
import { eject } from "../src/eject.js";
import { toYAML } from "../src/yaml.js";
import { arbitrarySpec } from "./support/arbitrary-spec.js";
import { expectSame } from "./support/expect-same.js";
import { runCode } from "./support/run-code.js";

const soak = process.env["STRANDS_SOAK"] === "1";

describe.each(supportedFormat().patterns)("any %s", (type) => {
  it("is the same in a file, in builders, and in the file that they write", () => {
    const law = fc.property(arbitrarySpec(type), (raw) => {
      const { spec } = parseSpec(asciiJson(raw), { format: "json" });
      const built = runCode(eject(spec));
      expectSame(built, spec);
      expectSame(parseSpec(toYAML(built)).spec, spec);
    });
    fc.assert(law, { numRuns: soak ? 1_000 : 40 });
  });
});

/** JSON that any reader takes: everything but ASCII is escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\u0020-\u007e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
