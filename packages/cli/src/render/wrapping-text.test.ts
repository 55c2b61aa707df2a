import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WrappingText } from "./wrapping-text.js";

function wrapped(pieces: readonly string[], columns: number): string {
  const wrapping = new WrappingText(() => columns);
  return pieces.map((piece) => wrapping.push(piece)).join("") + wrapping.end();
}

describe("WrappingText", () => {
  it("breaks at spaces, keeps indents and long words", () => {
    expect(wrapped(["one two th", "ree four\n  - fi", "ve six seven"], 13)).toBe(
      "one two three\nfour\n  - five six\nseven",
    );
    expect(wrapped(["a verylongwordthatdoesnotfit b"], 10)).toBe("a\nverylongwordthatdoesnotfit\nb");
  });

  it("gives the same whatever the pieces, and loses no word", () => {
    const text = fc.array(fc.constantFrom("a", "word", "longerword", " ", "  ", "\n", "東京"), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 30 }), (parts, columns) => {
        const out = wrapped(parts, columns);
        expect(out).toBe(wrapped([parts.join("")], columns));
        expect(out.split(/\s+/).join(" ").trim()).toBe(parts.join("").split(/\s+/).join(" ").trim());
      }),
    );
  });
});
