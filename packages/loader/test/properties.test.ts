import { SpecError } from "@strands/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseSpec } from "../src/index.js";

const base = { version: 0, name: "n", runtime: { provider: "offline" }, agents: { a: { prompt: "p" } } };
const names = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_ .:~/-]{0,8}$/);
const values = fc
  .jsonValue({ maxDepth: 4 })
  // The YAML writer does not quote a key that is `<<`, and so it would mean a merge.
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "p").replaceAll('"<<"', '"< <"')));

const specs = fc.record({
  name: fc.string({ minLength: 1 }),
  values: fc.dictionary(names, values, { noNullPrototype: true }),
  steps: fc.array(fc.record({ agent: fc.constant("a"), input: fc.string({ unit: "binary" }) }), {
    minLength: 1,
    maxLength: 5,
  }),
});

test("a valid spec written as YAML or JSON comes back equal", () => {
  fc.assert(
    fc.property(specs, ({ name, values: given, steps }) => {
      const spec = { ...base, name, inputs: { values: given }, pattern: { type: "chain", config: { steps } } };
      const plain = JSON.parse(JSON.stringify(spec));
      const check = () => [];
      for (const [format, text] of [
        ["json", JSON.stringify(spec)],
        // The existing tool reads YAML 1.1, and so do we: its numbers (`1_`) and the like are quoted.
        ["yaml", stringify(spec, { version: "1.1" })],
      ] as const) {
        // Some texts cannot be written in YAML without control characters; those are refused, never changed. `0o7` is a
        // number to us, as in YAML 1.2, and the writer for 1.1 leaves it plain.
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
        if (/0o|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/.test(text)) continue;
        expect(parseSpec(text, { format, check }).spec).toEqual(plain);
      }
    }),
    { numRuns: 300 },
  );
});

const fragments = fc.constantFrom(
  "agents:",
  "pattern",
  ": ",
  "\n",
  "\n  ",
  "- ",
  "&a ",
  "*a",
  "<<: ",
  "{",
  "}",
  "[",
  "]",
  ",",
  "'",
  '"',
  "|",
  ">",
  "#",
  "!!str ",
  "? ",
  "---\n",
  "...\n",
  "%YAML 1.2\n",
  "\t",
  "1e309",
  "0x1F",
  "~",
  "__proto__",
  "$ref",
  "type: chain",
  "config:",
  "steps:",
  "\r\n",
  "\ufeff",
  "@",
  "`",
);

test.each(["yaml", "json"] as const)("any %s text gives a spec or a SpecError with places", (format) => {
  const noise = fc.oneof(fc.string(), fragments, fc.string({ unit: "binary" }));
  const texts = fc.array(noise, { maxLength: 40 }).map((parts) => parts.join(""));
  const whole = stringify({ ...base, pattern: { type: "chain", config: { steps: [{ agent: "a" }] } } });
  const mutated = fc
    .tuple(fc.nat(whole.length), fc.nat(10), texts)
    .map(([at, cut, text]) => whole.slice(0, at) + text + whole.slice(at + cut));
  fc.assert(
    fc.property(fc.oneof(texts, mutated), (text) => {
      try {
        parseSpec(text, { format, file: "f" });
      } catch (error) {
        if (!SpecError.isInstance(error)) throw error;
        for (const issue of (error as SpecError).issues) {
          expect(issue.line).toBeGreaterThan(0);
          expect(issue.column).toBeGreaterThan(0);
          expect(issue.message).not.toMatch(/[\p{Cc}]/u);
        }
      }
    }),
    { numRuns: 1500 },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("ten thousand steps are read, and so are ten thousand problems", () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, index) => `      - agent: a\n        input: "step ${index} {{ steps[0].response }}"`,
  );
  const text = `${stringify(base)}pattern:\n  type: chain\n  config:\n    steps:\n${lines.join("\n")}\n`;
  expect(parseSpec(text).spec.pattern.type).toBe("chain");
  expect(() => parseSpec(text.replaceAll("agent: a", "agnet: b"))).toThrow(SpecError);
});
