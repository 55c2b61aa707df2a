import { describe, expect, it } from "vitest";
import { renderTemplate } from "./render-template.js";

const nums = [3, 1, 2];

describe("statements", () => {
  it.each([
    ["{% for x in nums if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}", "1/2:3 2/2:2 "],
    ["{% for x in [] %}a{% else %}empty{% endfor %}", "empty"],
    ["{% for x in nums %}{{ loop.cycle('odd', 'even') }} {% endfor %}", "odd even odd "],
    ["{% for x in [1, 1, 2] %}{{ loop.changed(x) }} {% endfor %}", "True False True "],
    [
      "{% for x in nums %}{{ loop.previtem | default('-') }}{{ loop.nextitem | default('-') }} {% endfor %}",
      "-1 32 1- ",
    ],
    [
      "{% for x in [1, [2, [3]]] recursive %}{% if x is iterable %}<{{ loop(x) }}>{% else %}{{ x }}@{{ loop.depth }}{% endif %}{% endfor %}",
      "1@1<2@2<3@3>>",
    ],
    ["{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "123"],
    ["{% for x in nums %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}", "3"],
    ["{% for x in nums %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "32"],
    ["{% set x = 1 %}{% for i in nums %}{% set x = x + i %}{% endfor %}{{ x }}", "1"],
    ["{{ {'a': none}['a'] }} {{ {'a': none}.a }} {{ [none][0] }} {{ {1: none}[1] }}", "None None None None"],
    ["{% set ns = namespace(a=none) %}{{ ns.a }}", "None"],
    ["{% set ns = namespace(t=0) %}{% for i in nums %}{% set ns.t = ns.t + i %}{% endfor %}{{ ns.t }}", "6"],
    ["{% set a, b = 1, 2 %}{{ a }}{{ b }}", "12"],
    ["{% set a | upper %}hello{% endset %}{{ a }}", "HELLO"],
    ["{% if 0 %}a{% elif 1 %}b{% else %}c{% endif %}", "b"],
    ["{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}", "3"],
    ["{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ m(1) }} {{ m(1, b=3) }}", "1-2 1-3"],
    ["{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, x=2) }}", "(1,){'x': 2}"],
    ["{% macro m() %}<{{ caller(5) }}>{% endmacro %}{% call(n) m() %}body{{ n }}{% endcall %}", "<body5>"],
    ["{% filter upper | replace('A', 'b') %}abc{% endfilter %}", "bBC"],
    ["{% raw %}{{ x }}{% if %}{% endraw %}", "{{ x }}{% if %}"],
    ["a {#- comment -#} b", "ab"],
    ["x  {{- 1 -}}  y {%- if 1 -%} z {%- endif %}", "x1yz"],
    ["{{ '{{' }} {{ '%}' }} {{ {'a': {'b': 1}} }}", "{{ %} {'a': {'b': 1}}"],
    ["{{ 1 < 2 < 3 }} {{ 3 > 2 > 2 }}", "True False"],
    ["{{ [1, 2, 3, 4][1:-1] }} {{ 'hello'[::-1] }}", "[2, 3] olleh"],
    ["{{ '\u{1f600}bc'[0] }}{{ '\u{1f600}bc'[1:] }}", "\u{1f600}bc"],
    ["{{ steps.0.x }}", "1"],
    ["{{ 'a' if false }}|", "|"],
    ["{{ '\\d\\x41\\u0042\\b' | tojson }}", '"\\\\dAB\\b"'],
    ["{{ 'a' 'b' ~ 1 + 2 }}", "ab3"],
    ["{{ -2 ** 2 }} {{ 2 ** 3 ** 2 }} {{ 1 + 2 ~ 3 }}", "4 64 24"],
    ["{{ $TRACE }}", "spans"],
    ["{% set _ = nums.append(9) %}{{ nums }}", "[3, 1, 2, 9]"],
  ])("%s", (template, text) => {
    const run = (): string => renderTemplate(template, { nums, steps: [{ x: 1 }], TRACE: "spans" });
    if (template === "{{ 'a' 'b' ~ 1 + 2 }}" || template.includes("1 + 2 ~ 3")) {
      // `~` binds more tightly than `+`, so these mix text and numbers.
      expect(run).toThrow(expect.objectContaining({ code: "TEMPLATE_RUNTIME" }));
    } else expect(run()).toBe(text);
  });
});

describe("the text around", () => {
  it("drops one newline at the end of the source and makes line ends LF", () => {
    expect(renderTemplate("a\r\nb\r{{ v }}\n\n", { v: "x\r\ny" })).toBe("a\nb\nx\r\ny\n");
    expect(renderTemplate("plain\r\n", {})).toBe("plain");
  });

  it("removes control characters and composes characters", () => {
    expect(renderTemplate("{{ v }}\x07", { v: "e\u0301\x00\x1b[2J\t\x9b" })).toBe("\u00e9[2J\t");
    expect(renderTemplate("e\u0301\x07", {})).toBe("\u00e9");
  });

  it("does not read what was inserted as a template", () => {
    expect(renderTemplate("{{ v }}", { v: "{{ 7*7 }}{% if %}{# x" })).toBe("{{ 7*7 }}{% if %}{# x");
  });
});

describe("errors", () => {
  function failure(template: string, context: Record<string, unknown> = {}): Record<string, unknown> {
    try {
      renderTemplate(template, context);
    } catch (error) {
      return error as Record<string, unknown>;
    }
    throw new Error("did not fail");
  }

  it("say which name is missing, where, and what was meant", () => {
    const error = failure("line\n  {{ topik }}", { topic: 1, other: 2 });
    expect(error).toMatchObject({
      code: "TEMPLATE_UNDEFINED",
      message: "`topik` is not defined",
      line: 2,
      column: 6,
      expression: "{{ topik }}",
    });
    expect(error["hint"]).toContain("Did you mean `topic`?");
    expect(error["details"]).toMatchObject({ name: "topik", available: expect.arrayContaining(["topic", "other"]) });
  });

  it("say what a map has", () => {
    expect(failure("{{ o.zz }}", { o: { a: 1, b: 2 } })["message"]).toBe("There is no `zz` here: it has `a`, `b`");
  });

  it.each([
    ["{{ name", "TEMPLATE_SYNTAX"],
    ["{% if a %}", "TEMPLATE_SYNTAX"],
    ["{{ fix %}", "TEMPLATE_SYNTAX"],
    ["{{ a b }}", "TEMPLATE_SYNTAX"],
    ["{% include 'x' %}", "TEMPLATE_FORBIDDEN"],
    ["{{ a.__class__ }}", "TEMPLATE_FORBIDDEN"],
    ["{{ 1 / 0 }}", "TEMPLATE_RUNTIME"],
    ["{{ 'a' + 1 }}", "TEMPLATE_RUNTIME"],
    ["{{ 'a' < 1 }}", "TEMPLATE_RUNTIME"],
    ["{% if missing %}{% endif %}", "TEMPLATE_UNDEFINED"],
    ["{{ missing == 1 }}", "TEMPLATE_UNDEFINED"],
    ["{{ [missing] }}", "TEMPLATE_UNDEFINED"],
    ["{{ [1][9] }}", "TEMPLATE_UNDEFINED"],
  ])("%s gives %s with a place", (template, code) => {
    expect(failure(template)).toMatchObject({ code, line: 1 });
  });
});

describe("budgets", () => {
  it.each([
    ["{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"],
    ["{{ 'x' * 10000000 }}"],
    ["{{ [0] * 10000000 }}"],
    ["{{ 9 ** 99999 }}"],
    ["{{ range(1000000000) }}"],
    ["{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"],
    [
      "{% set s = 'xxxxxxxxxx' %}{% set s = s ~ s %}".repeat(1) +
        "{% set ns = namespace(s=s) %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    ],
    [`{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`],
    [`{{ 1${" + 1".repeat(50000)} }}`],
    [`{{ 'x'${" | title".repeat(20000)} }}`],
    [`${"{% if 1 %}".repeat(5000)}${"{% endif %}".repeat(5000)}`],
    [`{{ ${"1 if 1 else ".repeat(5000)}1 }}`],
    [`{{ ${"not ".repeat(50000)}1 }}`],
    [`{{ ${"-".repeat(50000)}1 }}`],
    [`{{ a${".b".repeat(50000)} }}`],
    ["x".repeat(2_000_000)],
    ["{{ '{:>999999999}'.format('a') }}"],
    ["{{ '%999999999d' % 1 }}"],
    ["{{ ('a' * 1000) | replace('', 'b' * 100000) }}"],
  ])("stop %#", (template) => {
    expect(() => renderTemplate(template, {})).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/TEMPLATE_(LIMIT|RUNTIME)/) }),
    );
  });

  it.each([
    "b.find('q')",
    "b.find('q', 1)",
    "b.startswith('q', 1)",
    "b.zfill(1)",
    "b.isalpha()",
    "b.expandtabs()",
    "b.splitlines()",
    "b.split('q')",
    "b[0]",
    "b[:1]",
    "'q' in b",
    "b in {}",
    "{b: 1}",
    "{}[b]",
    "{}.get(b)",
    "b < b ~ ''",
    "b == c",
    "b in l",
    "l == m",
    "b | length",
    "b | upper",
    "b | truncate(5)",
    "b | regex_search('^q')",
    "b is lower",
    "b is search('^q')",
    "[b] | map('length') | list",
    "[b] | select('lower') | list",
    "[b, c] | sort",
    "[b] | unique",
    "'{:.1}'.format(b)",
    "'%.1s' % b",
    "namespace(d)",
    "d == e",
    "('9' * 4000) | int(0, 36)",
  ])("count what %s looks at", (expression) => {
    const big = "a".repeat(60_000);
    const numbers = Array.from({ length: 20_000 }, (_, index) => index);
    const map = Object.fromEntries(numbers.map((number) => [`k${number}`, number]));
    const context = { b: big, c: `${big.slice(1)}b`, l: [`b${big.slice(1)}`], m: [...numbers], d: map, e: { ...map } };
    const template = `{% for i in range(20) %}{% set y = ${expression} %}{% endfor %}`;
    const l = expression === "l == m" ? numbers : context.l;
    expect(() => renderTemplate(template, { ...context, l }, { maxSteps: 60_000 })).toThrow(/60000 steps/);
  });

  it("let long but honest templates through", () => {
    expect(renderTemplate(`{{ 'a'${" ~ 'a'".repeat(50_000)} }}`, {})).toBe("a".repeat(50_001));
    expect(renderTemplate("{{ v }}", { v: "x".repeat(1_000_000) })).toHaveLength(1_000_000);
    expect(
      renderTemplate("{% for i in v %}{{ i }},{% endfor %}", { v: Array.from({ length: 10_000 }, (_, i) => i) }),
    ).toHaveLength(48_890);
  });

  it("count the result in bytes and can be changed", () => {
    expect(() => renderTemplate("{{ v }}", { v: "\u20ac".repeat(400_000) })).toThrow(/longer than/);
    expect(renderTemplate("{{ v }}", { v: "\u20ac".repeat(400_000) }, { maxOutputBytes: 2_000_000 })).toHaveLength(
      400_000,
    );
    expect(() => renderTemplate("{% for i in [1, 2, 3] %}{{ i }}{% endfor %}", {}, { maxSteps: 5 })).toThrow(/5 steps/);
  });

  it("hold for values that contain themselves", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    for (const template of ["{{ v }}", "{{ v | tojson }}", "{{ v == w }}", "{{ v.append(1) }}"]) {
      const other: unknown[] = [];
      other.push(other);
      expect(() => renderTemplate(template, { v: loop, w: other })).toThrow(
        expect.objectContaining({ code: "TEMPLATE_LIMIT" }),
      );
    }
  });
});
