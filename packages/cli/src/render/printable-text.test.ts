import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PrintableText, printable, printableJson, printableLine } from "./printable-text.js";

const esc = "\u001b";

/** What may never reach a terminal. */
const dangerous =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u;

describe("printable", () => {
  it.each([
    ["colours", `${esc}[31mred${esc}[0m`, "red"],
    ["cursor movement", `a${esc}[2J${esc}[1;1Hb`, "ab"],
    ["private modes", `${esc}[?1049hx${esc}[?25l`, "x"],
    ["titles", `${esc}]0;title\u0007x`, "x"],
    ["titles ended by ST", `${esc}]0;title${esc}\\x`, "x"],
    ["links", `${esc}]8;;http://evil.example\u0007click${esc}]8;;\u0007`, "click"],
    ["the clipboard", `${esc}]52;c;cm0gLXJm\u0007x`, "x"],
    ["device strings", `${esc}Pq#0;2;0${esc}\\x`, "x"],
    ["application strings", `${esc}_Gpayload${esc}\\x${esc}^private${esc}\\y${esc}Xstart${esc}\\z`, "xyz"],
    ["8-bit sequences", "\u009b31mred\u009d0;t\u009cx\u0090q\u009cy", "redxy"],
    ["two-character sequences", `${esc}cx${esc}7y${esc}(Bz`, "xyz"],
    ["overwriting with CR", "good\rbad", "good\nbad"],
    ["overwriting with backspace", "good\b\b\b\bevil", "goodevil"],
    ["CRLF", "a\r\nb\r\n", "a\nb\n"],
    ["other line ends", "a\u0085b\u2028c\u2029d\ve\ff", "a\nb\nc\nd\ne\nf"],
    ["NUL, BEL and DEL", "a\0b\u0007c\u007fd", "abcd"],
    ["reordering", "user\u202egpj.exe\u2066x\u2069", "usergpj.exex"],
    ["zero width", "pay\u200bpal\ufeff\u2060\u00ad", "paypal"],
    ["tags", "flag\u{e0061}\u{e0062}\u{e007f}", "flag"],
    ["lone surrogates", "a\ud800b\udc00c", "abc"],
    ["a sequence that never ends", `a${esc}]0;no end\nb`, "a\nb"],
    ["a sequence in a sequence", `${esc}[3${esc}[31mx`, "x"],
  ])("drops %s", (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it.each([
    "plain text\n\twith a tab",
    "naïve café, 東京, عربي, हिन्दी, ελληνικά",
    "👩‍👩‍👧‍👦 👍🏽 ❤️ 🏳️‍🌈",
    "می‌خواهم",
    "[red]markup[/red] <b>text</b> {{ name }}",
  ])("keeps %j", (text) => {
    expect(printable(text)).toBe(text);
  });

  it("shows what a long unfinished sequence would hide", () => {
    expect(printable(`${esc}]${"x".repeat(5000)}END`)).toMatch(/END$/);
  });

  it("gives the same whatever the pieces", () => {
    const parts = fc.constantFrom(
      esc,
      "[",
      "]",
      "31m",
      "0;t",
      "\u0007",
      "\\",
      "\r",
      "\n",
      "\u009b",
      "P",
      "a",
      "é",
      "👩‍👧",
      "\u202e",
      "\ud83d",
      "\udc4d",
      "\u200d",
      "\u001b\\",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), fc.array(fc.nat(5), { maxLength: 30 }), (items, sizes) => {
        const text = items.join("");
        const stream = new PrintableText();
        let out = "";
        let at = 0;
        for (const size of sizes) {
          out += stream.push(text.slice(at, at + size));
          at += size;
        }
        out += stream.push(text.slice(at));
        expect(out).toBe(printable(text));
        expect(out).not.toMatch(dangerous);
      }),
    );
  });

  it("lets nothing dangerous through", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !dangerous.test(printable(text))));
  });
});

describe("printableLine", () => {
  it("shows what it cannot print", () => {
    expect(printableLine(`a${esc}[31m\nb\t\u202ec`)).toBe("a\\u{1b}[31m\\nb\\t\\u{202e}c");
  });

  it("stays on one line and harmless", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = printableLine(text);
        return !dangerous.test(line) && !line.includes("\n");
      }),
    );
  });
});

describe("printableJson", () => {
  it("means the same and cannot act on a terminal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const json = printableJson({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(json).not.toMatch(dangerous);
      }),
    );
  });
});
