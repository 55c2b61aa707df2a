import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TemplateError } from "../error/errors.js";
import { evaluateCondition } from "./condition.js";
import { compileRegex } from "./regex/compile-regex.js";
import { renderTemplate } from "./render-template.js";

const pieces = fc.constantFrom(
  "{{",
  "}}",
  "{%",
  "%}",
  "{#",
  "#}",
  "-",
  "+",
  "*",
  "**",
  "/",
  "//",
  "%",
  "~",
  "|",
  ".",
  ",",
  ":",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "=",
  "==",
  "<",
  ">=",
  " if ",
  " else ",
  " elif ",
  " endif ",
  " for ",
  " in ",
  " endfor ",
  " set ",
  " endset ",
  " macro ",
  " endmacro ",
  " raw ",
  " endraw ",
  " filter ",
  " endfilter ",
  " call ",
  " endcall ",
  " with ",
  " endwith ",
  " not ",
  " and ",
  " or ",
  " is ",
  "a",
  "b",
  "loop",
  "x",
  "items",
  "'s'",
  '"',
  "'",
  "\\",
  "1",
  "2.5",
  "1e3",
  "0",
  "none",
  "true",
  "upper",
  "join",
  "map",
  "tojson",
  "truncate",
  "default",
  "sort",
  "format",
  "range",
  "namespace",
  "dict",
  "constructor",
  "__proto__",
  "\n",
  " ",
  "\u{1f600}",
  "\ud800",
  "\0",
);
const source = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));
const value = fc.jsonValue({ maxDepth: 3 });

/** Text as the documented policy leaves it: no control characters, composed. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the policy removes
  return text.replace(/[\0-\x08\v\f\x0e-\x1f\x7f-\x9f]/g, "").normalize("NFC");
}

function onlyTemplateErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError);
    const { cause } = error as TemplateError;
    if (cause !== undefined && !(cause instanceof TemplateError)) throw cause;
  }
}

describe("laws of templates", () => {
  it("throws nothing but TemplateError, whatever the source", () => {
    fc.assert(
      fc.property(source, value, (text, a) => {
        onlyTemplateErrors(() => renderTemplate(text, { a, b: [1, { x: "y" }], items: ["p"], x: "text" }));
        onlyTemplateErrors(() => renderTemplate(`{{ ${text} }}`, { a, b: [1, { x: "y" }], items: ["p"], x: "text" }));
        onlyTemplateErrors(() => evaluateCondition(text, { a, b: [1], items: ["p"], x: "text" }));
      }),
      { numRuns: 3000 },
    );
  });

  it("gives text without tags back as it is", () => {
    const clean = fc.string({ unit: "binary" }).map((text) => plain(text.replace(/[{\r]/g, "")));
    fc.assert(fc.property(clean, (text) => void expect(renderTemplate(`${text}\n`, {})).toBe(text)));
  });

  it("inserts a value as it is", () => {
    const clean = fc.string({ unit: "binary" }).map((text) => plain(text));
    fc.assert(fc.property(clean, (text) => void expect(renderTemplate("{{ v }}", { v: text })).toBe(text)));
  });

  it("writes JSON that reads back as the same value", () => {
    const composed = value.filter((data) => JSON.stringify(data) === JSON.stringify(data).normalize("NFC"));
    fc.assert(
      fc.property(composed, (v) => {
        expect(JSON.parse(renderTemplate("{{ v | tojson }}", { v }))).toEqual(JSON.parse(JSON.stringify(v)));
      }),
    );
  });

  it("changes nothing it was given", () => {
    fc.assert(
      fc.property(source, value, (text, a) => {
        const context = { a, b: [3, 1], items: [{ z: 1 }] };
        const before = JSON.stringify(context);
        onlyTemplateErrors(() =>
          renderTemplate(`{{ items.append(1) }}{{ b.sort() }}{{ items[0].update(q=1) }}${text}`, context),
        );
        expect(JSON.stringify(context)).toBe(before);
      }),
    );
  });

  it("slices text by code points, as an array of them", () => {
    const bound = fc.option(fc.integer({ min: -8, max: 8 }), { nil: undefined });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 8 }), bound, bound, (text, from, to) => {
        const v = plain(text);
        const expected = [...v]
          .slice(from ?? 0, to ?? undefined)
          .join("")
          .normalize("NFC");
        expect(renderTemplate(`{{ v[${from ?? ""}:${to ?? ""}] }}`, { v })).toBe(expected);
      }),
    );
  });
});

describe("laws of regular expressions", () => {
  const letter = fc.constantFrom(
    "a",
    "b",
    "c",
    ".",
    "[ab]",
    "[^a]",
    "\\w",
    "\\d",
    "(?:a|b)",
    "(a)",
    "(b|c)",
    "^",
    "$",
    "\\b",
  );
  const quantifier = fc.constantFrom("", "", "", "*", "+", "?", "*?", "+?", "{1,2}", "{2}");
  const atom = fc.tuple(letter, quantifier).map(([part, times]) => (/^(\^|\$|\\b)$/.test(part) ? part : part + times));
  const group = fc
    .tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.constantFrom("(", "(?:", "(?="), quantifier)
    .map(([parts, open, times]) => `${open}${parts.join("")})${open === "(?=" ? "" : times}`);
  const pattern = fc
    .array(fc.oneof(atom, atom, group), { minLength: 1, maxLength: 5 })
    .chain((parts) => fc.constantFrom(parts.join(""), `${parts.join("")}|b`, `(?:${parts.join("")})c?`));

  it("finds what JavaScript finds", () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom("a", "b", "c", "1", " "), maxLength: 12 }),
        (regex, text) => {
          const ours = compileRegex(regex).search(text);
          const theirs = new RegExp(regex).exec(text);
          expect(ours?.index).toBe(theirs?.index);
          // JavaScript and Python take different ends when a repeated group can be empty.
          if (!/\)[*+?{]/.test(regex)) expect(ours?.text).toBe(theirs?.[0]);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
