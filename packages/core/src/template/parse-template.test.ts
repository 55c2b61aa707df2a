import { describe, expect, it } from "vitest";
import { parseTemplate } from "./parse-template.js";
import { renderTemplate } from "./render-template.js";

function names(source: string): readonly string[] {
  return parseTemplate(source).names.map(({ path, guarded }) => path.join(".") + (guarded ? "?" : ""));
}

describe("parseTemplate", () => {
  // What Jinja2 3.1.6 says: an assertion error when it compiles, or nothing until the branch is reached.
  it.each<[source: string, deferred: number | undefined]>([
    ["{{ x is nosuch }}", undefined],
    ["{{ x is not nosuch('a') }}", undefined],
    ["{{ x and x is nosuch }}", undefined],
    ["{% for a in [] if a is nosuch %}{% endfor %}", undefined],
    ["{% set a %}{{ x is nosuch }}{% endset %}", undefined],
    ["{% if false %}{% for a in x %}{{ a is nosuch }}{% endfor %}{% endif %}", undefined],
    ["{% if false %}{% block a %}{{ x is nosuch }}{% endblock %}{% endif %}", undefined],
    ["{% if false %}{% macro a() %}{{ x is nosuch }}{% endmacro %}{% endif %}", undefined],
    ["{% if x is nosuch %}a{% endif %}", 1],
    ["{% if x %}a{% elif x is nosuch %}{% else %}{{ x | nosuch }}{% endif %}", 2],
    ["{{ 1 if x is nosuch else 2 }}", 1],
    ["{{ (x is nosuch) if x | nosuch else ((x is nosuch.two) if x else 2) }}", 3],
    ["{% if x is even %}{{ x | upper }}{% endif %}", 0],
  ])("%s holds %s unknown filters and tests in branches, or is refused", (source, deferred) => {
    if (deferred === undefined) expect(() => parseTemplate(source)).toThrow("There is no test `nosuch`");
    else expect(parseTemplate(source).deferred).toHaveLength(deferred);
  });

  it("tells the places of unknown filters and tests in branches, and what was probably meant", () => {
    const { deferred } = parseTemplate("a\n{% if x is\r\n  strng %}{{ x | uper }}{% endif %}");
    expect(deferred).toMatchObject([
      {
        code: "TEMPLATE_SYNTAX",
        message: "There is no test `strng`",
        hint: "Did you mean `string`?",
        line: 3,
        column: 3,
      },
      { message: "There is no filter `uper`", hint: "Did you mean `upper`?", line: 3, column: 18 },
    ]);
  });

  it("lists what a template reads, with places", () => {
    const template = parseTemplate("Hi {{ steps[0].response }}\n{{ topic | title }}{{ nodes['a-b'].x }}");
    expect(template.names).toEqual([
      { name: "steps", path: ["steps", "0", "response"], guarded: false, line: 1, column: 7 },
      { name: "topic", path: ["topic"], guarded: false, line: 2, column: 4 },
      { name: "nodes", path: ["nodes", "a-b", "x"], guarded: false, line: 2, column: 23 },
    ]);
  });

  it.each([
    ["{% for s in steps %}{{ s.x }}{{ loop.index }}{{ y }}{% endfor %}{{ s }}", ["steps", "y", "s"]],
    ["{% set a = b %}{{ a }}{% with c = a %}{{ c }}{% endwith %}{{ c }}", ["b", "c"]],
    ["{% macro m(a, k=z) %}{{ a }}{{ q }}{{ caller() }}{% endmacro %}{{ m(1) }}", ["z", "q"]],
    ["{{ x | default(y) }}{{ a is defined }}", ["x?", "y", "a?"]],
    ["{% if x is defined %}{{ x.y }}{% else %}{{ x }}{% endif %}", ["x?", "x.y?", "x"]],
    ["{{ x.y if x is defined else z }}", ["x.y?", "x?", "z"]],
    ["{{ x is defined and x.y }}", ["x?", "x.y?"]],
    [
      "{% if x is not defined %}{{ x }}{% elif q %}{{ x }}{% else %}{{ x.y }}{% endif %}{{ x }}",
      ["x?", "x", "q", "x?", "x.y?", "x"],
    ],
    [
      "{% if not (a is defined and b.c is defined) %}{{ a }}{% else %}{{ a.z }}{{ b.c.d }}{{ b.x }}{% endif %}",
      ["a?", "b.c?", "a", "a.z?", "b.c.d?", "b.x"],
    ],
    ["{{ x is undefined or x.y }}{{ q or x }}", ["x?", "x.y?", "q", "x"]],
    ["{{ 1 if x is not defined else x.y }}", ["x?", "x.y?"]],
    ["{{ range(3) }}{{ dict(a=b) }}{{ o.items() }}{{ l[i] }}", ["b", "o", "l", "i"]],
    ["plain", []],
  ])("%s", (source, expected) => {
    expect(names(source)).toEqual(expected);
  });

  it("gives a frozen object that can be rendered again and again", () => {
    const template = parseTemplate("{{ a }}");
    expect(Object.isFrozen(template)).toBe(true);
    expect(template.source).toBe("{{ a }}");
    expect([renderTemplate(template, { a: 1 }), renderTemplate(template, { a: 2 })]).toEqual(["1", "2"]);
  });
});
