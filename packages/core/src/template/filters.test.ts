import { describe, expect, it } from "vitest";
import { renderTemplate } from "./render-template.js";

const people = [
  { name: "Bob", age: 30, tags: ["x"] },
  { name: "alice", age: 25, tags: [] },
  { name: "Carl", age: 30, tags: ["y", "z"] },
];

function run(expression: string, context: Record<string, unknown> = {}): string {
  return renderTemplate(`{{ ${expression} }}`, { people, ...context });
}

describe("the four filters of the reference", () => {
  it.each([["'x' * 101 | truncate", "x".repeat(97).length + 3]])("cuts at 100 characters by default", (_, length) => {
    expect(run("('x' * 101) | truncate")).toHaveLength(length);
    expect(run("('x' * 100) | truncate")).toBe("x".repeat(100));
  });

  it.each([
    ["'abcdef' | truncate(5)", "ab..."],
    ["'abcdef' | truncate(6)", "abcdef"],
    ["'abcdef' | truncate(3)", "..."],
    ["'abcdef' | truncate(2)", "abcde..."],
    ["'abcdef' | truncate(0)", "abc..."],
    ["'abcdef' | truncate(-10)", "..."],
    ["'\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}' | truncate(4)", "\u{1f600}..."],
    ["'\u{1f600}\u{1f600}\u{1f600}' | truncate(3)", "\u{1f600}\u{1f600}\u{1f600}"],
    ["{'a': [1, none, true, 1.0], 'b': '\u00e9\"'} | tojson", '{"a": [1, null, true, 1.0], "b": "\u00e9\\""}'],
    ["[] | tojson", "[]"],
    ["'it\\'s 3rd o\\'NEIL' | title", "It'S 3Rd O'Neil"],
    ["'Score: 91 of 100' | regex_search('score: (\\d+)')", "91"],
    ["'Score: 91' | regex_search('score')", ""],
    ["'x' | regex_search('(y)')", ""],
    ["'ab' | regex_search('(?P<n>B)')", "b"],
  ])("%s", (expression, text) => {
    expect(run(expression)).toBe(text);
  });

  it("keeps JSON readable as JSON", () => {
    const value = { text: "\u2028\ud800\x7f\x1b\u{1f600}", list: [[], {}] };
    expect(JSON.parse(run("v | tojson", { v: value }))).toEqual(value);
  });

  it("takes only text where the reference does", () => {
    for (const expression of [
      "5 | truncate",
      "none | truncate(3)",
      "[1] | regex_search('1')",
      "'x' | truncate(1.5)",
      "'x' | truncate('3')",
    ]) {
      expect(() => run(expression)).toThrow(expect.objectContaining({ code: "TEMPLATE_RUNTIME" }));
    }
  });
});

describe("other filters, after the documentation of Jinja2", () => {
  it.each([
    ["missing | default('x')", "x"],
    ["none | default('x')", "None"],
    ["'' | default('x', true)", "x"],
    ["people[0].zip | d('none')", "none"],
    ["[1, 2, 3] | join('|')", "1|2|3"],
    ["people | join(', ', attribute='name')", "Bob, alice, Carl"],
    ["'abc' | length", "3"],
    ["'\u{1f600}' | length", "1"],
    ["'a' | upper ~ ('A' | lower)", "Aa"],
    ["'foo bar FOO' | capitalize", "Foo bar foo"],
    ["'Hello World' | replace('Hello', 'Goodbye')", "Goodbye World"],
    ["'aaaaargh' | replace('a', 'd oh, ', 2)", "d oh, d oh, aaargh"],
    ["'  x ' | trim", "x"],
    ["'42' | int + 1", "43"],
    ["'4.7' | int", "4"],
    ["'x' | int(7)", "7"],
    ["'ff' | int(0, 16)", "255"],
    ["'3.5' | float", "3.5"],
    ["'x' | float", "0.0"],
    ["42.55 | round", "43.0"],
    ["42.55 | round(1, 'floor')", "42.5"],
    ["2.5 | round", "2.0"],
    ["3.5 | round", "4.0"],
    ["42 | round", "42"],
    ["[3, 1, 2] | sort", "[1, 2, 3]"],
    ["['b', 'A', 'c'] | sort", "['A', 'b', 'c']"],
    ["['foo', 'bar', 'foobar', 'FooBar'] | unique | list", "['foo', 'bar', 'foobar']"],
    ["people | sort(attribute='age,name') | map(attribute='name') | join(' ')", "alice Bob Carl"],
    ["people | map(attribute='name') | map('upper') | list", "['BOB', 'ALICE', 'CARL']"],
    ["people | map(attribute='zip', default='-') | join", "---"],
    ["[1, 2, 3] | select('odd') | list", "[1, 3]"],
    ["[0, 1, ''] | reject | list", "[0, '']"],
    ["people | selectattr('age', 'equalto', 30) | map(attribute='name') | list", "['Bob', 'Carl']"],
    ["people | rejectattr('tags') | map(attribute='name') | list", "['alice']"],
    ["people | sum(attribute='age')", "85"],
    ["(people | max(attribute='age')).name", "Bob"],
    ["[1, -2] | min", "-2"],
    ["-5 | abs", "5"],
    ["'a\\nb' | indent(2)", "a\n  b"],
    ["'a\\nb' | indent(2, first=true)", "  a\n  b"],
    ["'Hello world, foo' | wordcount", "3"],
    ["'abc' | reverse", "cba"],
    ["{'b': 1, 'a': 2} | dictsort", "[('a', 2), ('b', 1)]"],
    ["{'b': 1} | items | list", "[('b', 1)]"],
    ["[1, 2, 3] | batch(2, 'x') | list", "[[1, 2], [3, 'x']]"],
    ["people | groupby('age') | map('first') | list", "[25, 30]"],
    ["[1, 2] | first ~ ([1, 2] | last)", "12"],
    ["[none] | first ~ ([1, none] | last)", "NoneNone"],
    ["'ab' | first ~ ({'x': 1, 'y': 2} | last)", "ay"],
    ["'%s is %d' | format('x', 3)", "x is 3"],
    ["1 | string ~ (true | string)", "1True"],
  ])("%s", (expression, text) => {
    expect(run(expression)).toBe(text);
  });

  it("names the filter that was probably meant", () => {
    expect(() => run("'x' | uper")).toThrow(
      expect.objectContaining({ code: "TEMPLATE_SYNTAX", hint: "Did you mean `upper`?" }),
    );
  });

  it("complains about an unknown filter in a branch only when the branch is taken", () => {
    expect(renderTemplate("{% if false %}{{ x | nosuch }}{% endif %}ok", {})).toBe("ok");
    expect(renderTemplate("{{ 1 if true else x | nosuch }}", {})).toBe("1");
    expect(() => renderTemplate("{% if true %}{{ 1 | nosuch }}{% endif %}", {})).toThrow(/no filter `nosuch`/);
    expect(() => renderTemplate("{% if false %}{% for i in [] %}{{ i | nosuch }}{% endfor %}{% endif %}", {})).toThrow(
      /no filter/,
    );
  });
});
