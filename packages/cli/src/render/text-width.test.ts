import { describe, expect, it } from "vitest";
import { shellQuote } from "./shell-quote.js";
import { styleFor } from "./style.js";
import { tableText } from "./table-text.js";
import { cutToWidth, textWidth, wrapText } from "./text-width.js";

describe("widths", () => {
  it("counts columns, not characters", () => {
    expect([textWidth("abc"), textWidth("東京"), textWidth("👩‍👩‍👧‍👦"), textWidth("é"), textWidth("e\u0301")]).toEqual([
      3, 4, 2, 1, 1,
    ]);
  });

  it("cuts between characters", () => {
    expect(cutToWidth("東京タワー", 5)).toBe("東京…");
    expect(cutToWidth("short", 5)).toBe("short");
  });

  it("wraps at spaces and keeps long words whole", () => {
    expect(wrapText("one two three four five six", 22, "  ")).toBe("  one two three four\n  five six");
    expect(wrapText("https://example.org/a/very/long/address/indeed x", 20)).toBe(
      "https://example.org/a/very/long/address/indeed\nx",
    );
  });
});

describe("tableText", () => {
  const rows = [["11111111-2222-3333-4444-555555555555", "a workflow with a long name", "completed"]];

  it("takes the room it needs when nobody limits it", () => {
    expect(tableText(["ID", "Workflow", "Status"], rows, { columns: undefined, shrink: 1 })).toBe(
      [
        "ID                                    Workflow                     Status",
        "11111111-2222-3333-4444-555555555555  a workflow with a long name  completed",
      ].join("\n"),
    );
  });

  it("cuts only the column that gives way, never ids", () => {
    const text = tableText(["ID", "Workflow", "Status"], rows, { columns: 60, shrink: 1 });
    expect(text.split("\n")[1]).toBe("11111111-2222-3333-4444-555555555555  a workflow…  completed");
  });
});

describe("a table without room", () => {
  it("leaves out what matters least, then gives the room back", () => {
    const rows = [["id-1", "a long workflow name", "chain", "done", "today"]];
    const head = ["ID", "Workflow", "Pattern", "Status", "Updated"];
    const line = (columns: number) => tableText(head, rows, { columns, shrink: 1, drop: [2, 4] }).split("\n")[1];
    expect(line(80)).toBe("id-1  a long workflow name  chain    done    today");
    expect(line(40)).toBe("id-1  a long …  chain    done    today");
    expect(line(36)).toBe("id-1  a long workf…  done    today");
    expect(line(22)).toBe("id-1  a long …  done");
  });
});

describe("shellQuote", () => {
  it.each([
    ["plain-1.2", "plain-1.2"],
    ["two words", "'two words'"],
    ["it's $HOME `x`", "'it'\\''s $HOME `x`'"],
    ["", "''"],
  ])("quotes %j", (text, expected) => {
    expect(shellQuote(text)).toBe(expected);
  });
});

describe("styleFor", () => {
  const coloured = (isTTY: boolean, env: Readonly<Record<string, string>>): boolean =>
    styleFor({ isTTY }, env).red("x") !== "x";

  it("colours only terminals, unless told otherwise", () => {
    expect(coloured(true, {})).toBe(true);
    expect(coloured(false, {})).toBe(false);
    expect(coloured(true, { NO_COLOR: "1" })).toBe(false);
    expect(coloured(true, { TERM: "dumb" })).toBe(false);
    expect(coloured(false, { FORCE_COLOR: "1" })).toBe(true);
    expect(coloured(true, { FORCE_COLOR: "0" })).toBe(false);
  });
});
