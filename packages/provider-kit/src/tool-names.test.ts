import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ToolNames } from "./tool-names.js";

const safe = /^[A-Za-z0-9_-]{1,64}$/;

describe("ToolNames", () => {
  it("leaves names alone that every provider takes", () => {
    const names = new ToolNames(["search", "read-file_2"]);
    expect(["search", "read-file_2"].map((id) => names.toProvider(id))).toEqual(["search", "read-file_2"]);
  });

  it("replaces what providers refuse, and finds the way back", () => {
    const names = new ToolNames(["files:read.v1"]);
    expect(names.toProvider("files:read.v1")).toBe("files_read_v1");
    expect(names.fromProvider("files_read_v1")).toBe("files:read.v1");
  });

  it("tells apart what comes out alike, and what is too long", () => {
    const long = "x".repeat(80);
    const ids = ["a.b", "a:b", "a_b", `${long}1`, `${long}2`];
    const names = new ToolNames(ids);
    const given = ids.map((id) => names.toProvider(id));
    expect(given).toEqual(["a_b", "a_b_2", "a_b_3", "x".repeat(64), `${"x".repeat(62)}_2`]);
    expect(given.map((name) => names.fromProvider(name))).toEqual(ids);
  });

  it("passes on a name that is of no tool, and makes an old id safe", () => {
    const names = new ToolNames(["search"]);
    expect(names.fromProvider("invented")).toBe("invented");
    expect(names.toProvider("old.tool")).toBe("old_tool");
  });

  it("gives every id a safe name of its own, whatever the ids are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[a-c.:_-]{1,70}$/), { maxLength: 20 }), (ids) => {
        const names = new ToolNames(ids);
        const given = ids.map((id) => names.toProvider(id));
        expect(new Set(given).size).toBe(ids.length);
        expect(given.every((name) => safe.test(name))).toBe(true);
        expect(given.map((name) => names.fromProvider(name))).toEqual(ids);
      }),
    );
  });

  it("begins every name with a letter or `_`", () => {
    const names = new ToolNames(["3d.print", "-x"]);
    expect(names.toProvider("3d.print")).toBe("_3d_print");
    expect(names.fromProvider("_3d_print")).toBe("3d.print");
    expect(names.toProvider("-x")).toBe("_-x");
    expect(names.toProvider("7.old")).toBe("_7_old");
  });
});
