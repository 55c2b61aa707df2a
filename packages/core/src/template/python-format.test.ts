import { describe, expect, it } from "vitest";
import { renderTemplate } from "./render-template.js";

function show(value: unknown): string {
  return renderTemplate("{{ v }}", { v: value });
}

describe("printing", () => {
  it.each([
    [null, "None"],
    [true, "True"],
    [false, "False"],
    [0, "0"],
    [-0, "0"],
    [42, "42"],
    [0.1, "0.1"],
    [1.5e300, "1.5e+300"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1e21, "1e+21"],
    [Number.NaN, "nan"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
    ["text", "text"],
    [[], "[]"],
    [{}, "{}"],
    [[1, "a", null, true], "[1, 'a', None, True]"],
    [{ a: { b: [1.5] } }, "{'a': {'b': [1.5]}}"],
    [["it's"], `["it's"]`],
    [[`it's "q"`], `['it\\'s "q"']`],
    [["a\nb\tc\\"], "['a\\nb\\tc\\\\']"],
    [["\u00e9\u{1f600}"], "['\u00e9\u{1f600}']"],
    [["\u200b\u00a0\x07"], "['\\u200b\\xa0\\x07']"],
  ])("prints %s as Python does", (value, text) => {
    expect(show(value)).toBe(text);
  });

  it.each([
    ["1.0", "1.0"],
    ["1e3", "1000.0"],
    ["1e15", "1000000000000000.0"],
    ["1e16", "1e+16"],
    ["10 / 5", "2.0"],
    ["7 // 2", "3"],
    ["-7 // 2", "-4"],
    ["-7 % 3", "2"],
    ["7.5 // 2", "3.0"],
    ["2 ** 100", "1267650600228229401496703205376"],
    ["2 ** -1", "0.5"],
    ["0.1 + 0.2", "0.30000000000000004"],
    ["True + True", "2"],
    ["1_000", "1000"],
    ["0x10", "16"],
    ["(1,)", "(1,)"],
    ["()", "()"],
    ["{1: 'a', none: 2}", "{1: 'a', None: 2}"],
    ["range(3)", "range(0, 3)"],
    ["{'a': 1}.items()", "dict_items([('a', 1)])"],
  ])("prints the value of %s", (expression, text) => {
    expect(renderTemplate(`{{ ${expression} }}`, {})).toBe(text);
  });

  it("prints large integers in full", () => {
    expect(show(123456789012345678901234567890n)).toBe("123456789012345678901234567890");
  });

  it("refuses what is not plain data", () => {
    for (const value of [() => 1, Symbol("s"), new Date(0), new Map(), /x/, new (class Secret {})()]) {
      expect(() => show(value)).toThrow(expect.objectContaining({ code: "TEMPLATE_FORBIDDEN" }));
      expect(() => show([value])).toThrow(expect.objectContaining({ code: "TEMPLATE_FORBIDDEN" }));
    }
  });
});

describe("what is read from the context", () => {
  it("never runs a getter", () => {
    let ran = 0;
    const spy = {
      get secret(): string {
        ran++;
        return "x";
      },
    };
    const list: unknown[] = ["a"];
    Object.defineProperty(list, 1, { get: () => ran++, enumerable: true });
    for (const template of [
      "{{ v.secret }}",
      "{{ v['secret'] }}",
      "{{ v }}",
      "{{ v | tojson }}",
      "{{ l }}",
      "{{ l[1] }}",
      "{{ v.items() }}",
    ]) {
      try {
        renderTemplate(template, { v: spy, l: list });
      } catch {
        // A missing attribute is the right answer too.
      }
    }
    expect(ran).toBe(0);
  });

  it("never sees what is inherited", () => {
    const child = Object.create({ inherited: 1 }) as Record<string, unknown>;
    expect(() => renderTemplate("{{ v.inherited }}", { v: child })).toThrow();
    expect(() => renderTemplate("{{ toString }}", {})).toThrow(expect.objectContaining({ code: "TEMPLATE_UNDEFINED" }));
    expect(() => renderTemplate("{{ v.length }}", { v: [1] })).toThrow(
      expect.objectContaining({ code: "TEMPLATE_UNDEFINED" }),
    );
  });

  it("takes a record without a prototype, and a scope of layers", () => {
    const bare = Object.assign(Object.create(null) as Record<string, unknown>, { a: 1 });
    expect(renderTemplate("{{ a }}", bare)).toBe("1");
    const scope = { get: (name: string) => `<${name}>`, has: (name: string) => name === "a", names: () => ["a"] };
    expect(renderTemplate("{{ a }}", scope)).toBe("<a>");
    expect(() => renderTemplate("{{ b }}", scope)).toThrow(/`b` is not defined/);
  });
});
