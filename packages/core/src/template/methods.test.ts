import { describe, expect, it } from "vitest";
import { renderTemplate } from "./render-template.js";

function run(expression: string, context: Record<string, unknown> = {}): string {
  return renderTemplate(`{{ ${expression} }}`, context);
}

describe("methods of text, after the documentation of Python", () => {
  it.each([
    ["'Hello'.upper()", "HELLO"],
    ["'\u00df'.upper()", "SS"],
    ["'\u0391\u03a3'.lower()", "\u03b1\u03c2"],
    ["'hello world'.title()", "Hello World"],
    ["\"they're bill's\".title()", "They'Re Bill'S"],
    ["'1,2,3'.split(',', 1)", "['1', '2,3']"],
    ["'1 2 3'.split()", "['1', '2', '3']"],
    ["'   1   2   3   '.split()", "['1', '2', '3']"],
    ["'1,2,3'.rsplit(',', maxsplit=1)", "['1,2', '3']"],
    ["'ab c\\n\\nde fg\\rkl\\r\\n'.splitlines()", "['ab c', '', 'de fg', 'kl']"],
    ["'www.example.com'.strip('cmowz.')", "example"],
    ["'TestHook'.removeprefix('Test')", "Hook"],
    ["'MiscTests'.removesuffix('Tests')", "Misc"],
    ["'Py' in 'Python' and 'Python'.find('th')", "2"],
    ["'\u{1f600}ab'.find('b')", "2"],
    ["'a.b.c'.partition('.')", "('a', '.', 'b.c')"],
    ["'a.b.c'.rpartition('.')", "('a.b', '.', 'c')"],
    ["'42'.zfill(5) ~ '-42'.zfill(5)", "00042-0042"],
    ["'x'.center(4, '*')", "*x**"],
    ["'abc'.startswith(('x', 'a'))", "True"],
    ["'aaa'.count('aa')", "1"],
    ["', '.join(['a', 'b'])", "a, b"],
    ["'The sum of 1 + 2 is {0}'.format(1+2)", "The sum of 1 + 2 is 3"],
    ["'{:>8}|{:^8}|{:+.2f}'.format('r', 'c', 3.14159)", "       r|   c    |+3.14"],
    ["'{:,}'.format(1234567890)", "1,234,567,890"],
    ["'{0[k]} {a.k}'.format({'k': 1}, a={'k': 2})", "1 2"],
    ["'%s %5.1f%%' % ('a', 12.34)", "a  12.3%"],
    ["'\u00bd'.isnumeric() ~ '\u00b2'.isdigit() ~ '1a'.isalnum()", "TrueTrueTrue"],
  ])("%s", (expression, text) => {
    expect(run(expression)).toBe(text);
  });
});

describe("maps", () => {
  it("sees a key first, but calls the method of the same name", () => {
    const nodes = { items: { response: "r" }, get: 5 };
    expect(run("nodes.items.response", { nodes })).toBe("r");
    expect(run("nodes.get", { nodes })).toBe("5");
    expect(run("nodes.items() | list | length", { nodes })).toBe("2");
    expect(run("nodes.get('zz', 'none')", { nodes })).toBe("none");
  });

  it("reads odd keys with a subscript", () => {
    expect(run("n['a-b'] ~ n['a.b'] ~ n['_x'] ~ n._x", { n: { "a-b": 1, "a.b": 2, _x: 3 } })).toBe("1233");
  });
});

describe("methods that change their target", () => {
  it("change what the template sees and nothing else", () => {
    const context = { items: ["a"], obj: { list: [1] } };
    expect(renderTemplate("{{ items.append('b') }}{{ items }}{{ obj.list.append(2) }}{{ obj }}", context)).toBe(
      "None['a', 'b']None{'list': [1, 2]}",
    );
    expect(context).toEqual({ items: ["a"], obj: { list: [1] } });
  });

  it.each([
    [
      "{% set l = [1] %}{{ l.extend([2, 3]) }}{{ l.insert(0, 0) }}{{ l.pop() }}{{ l.remove(1) }}{{ l }}",
      "NoneNone3None[0, 2]",
    ],
    ["{% set l = [3, 1, 2] %}{{ l.sort(reverse=true) }}{{ l }}{{ l.reverse() }}{{ l }}", "None[3, 2, 1]None[1, 2, 3]"],
    [
      "{% set d = {'a': 1} %}{{ d.update(b=2) }}{{ d.setdefault('c', 3) }}{{ d.pop('a') }}{{ d }}",
      "None31{'b': 2, 'c': 3}",
    ],
  ])("%s", (template, text) => {
    expect(renderTemplate(template, {})).toBe(text);
  });
});

describe("what is no method", () => {
  it.each([
    "'x'.constructor",
    "'x'.length",
    "[1].map",
    "[1].push(2)",
    "'x'.repeat(3)",
    "{}.hasOwnProperty('a')",
    "'x'.encode()",
    "(5).real",
  ])("%s", (expression) => {
    expect(() => run(expression)).toThrow(expect.objectContaining({ code: "TEMPLATE_UNDEFINED" }));
  });

  it.each([
    "'x'.upper",
    "[].append",
    "''.__class__",
    "{}.__proto__",
    "{}['__proto__']",
    "'{0.__class__}'.format('x')",
    "{}._private",
  ])("%s is refused", (expression) => {
    expect(() => run(expression)).toThrow(/TemplateError|./);
  });
});
