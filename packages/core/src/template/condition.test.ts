import { describe, expect, it } from "vitest";
import { evaluateCondition, parseCondition } from "./condition.js";

const context = {
  score: 87,
  word: "please OPEN it",
  none: null,
  nodes: { a: { response: "Score: 87/100", iteration: 3 }, b: { response: null } },
};

describe("conditions", () => {
  it.each([
    ["else", true],
    ["  ELSE ", true],
    ["{{ score >= 85 }}", true],
    ["85 <= score <= 90", true],
    ["missing", false],
    ["not missing", true],
    ["missing == 'x'", false],
    ["missing != 'x'", true],
    ["nodes.zz == 'x'", false],
    ["'x' in missing", false],
    ["missing | length == 0", true],
    ["missing | default('d') == 'd'", false],
    ["none | default(5) == 5", true],
    ["nodes.a.response | search('score')", false],
    ["nodes.a.response | search('Score: [89]\\d|100')", true],
    ["nodes.a.response is search('SCORE', ignorecase=true)", true],
    ["nodes.a.response is match('Score')", true],
    ["nodes.a.response contains 'Score'", true],
    ["nodes.a.response contains 'x' or score contains_not_used is defined", undefined],
    ["'open' in word.lower()", true],
    ["word == 'eval' or 'file' != 'import'", true],
    ["len(nodes) == 2 and int('5') > 3 and str(1) == '1'", true],
    ["bool('') or list((1, 2)) == [1, 2]", true],
    ["set([1, 1]) == set([1])", true],
    ["float('1.5') * 2 == 3", true],
    ["score if score > 1 else false", true],
    ["nodes.a.response.split(':')[1].strip().startswith('87')", true],
    ["[]", false],
    ["0.0", false],
    ["'0'", true],
  ])("%s", (condition, holds) => {
    if (holds === undefined) expect(() => evaluateCondition(condition, context)).toThrow();
    else expect(evaluateCondition(condition, context)).toBe(holds);
  });

  it.each([
    ["missing < 3", "TEMPLATE_UNDEFINED"],
    ["missing.x", "TEMPLATE_UNDEFINED"],
    ["nodes.zz.response == 'x'", "TEMPLATE_UNDEFINED"],
    ["'x' in nodes.b.response", "TEMPLATE_RUNTIME"],
    ["", "TEMPLATE_SYNTAX"],
    ["{{ }}", "TEMPLATE_SYNTAX"],
    ["{{ score }} > 3", "TEMPLATE_SYNTAX"],
    ["{{ score }} and {{ score }}", "TEMPLATE_SYNTAX"],
    ["{% if score %}", "TEMPLATE_SYNTAX"],
    ["score => 3", "TEMPLATE_SYNTAX"],
    ["score = 3", "TEMPLATE_SYNTAX"],
    ["score, 3", "TEMPLATE_SYNTAX"],
    ["score > 3 true", "TEMPLATE_SYNTAX"],
    ["score | nosuch", "TEMPLATE_SYNTAX"],
    ["score is nosuch", "TEMPLATE_SYNTAX"],
    ["false and score is not nosuch(1)", "TEMPLATE_SYNTAX"],
    ["open('/etc/passwd')", "TEMPLATE_FORBIDDEN"],
    ["eval('1')", "TEMPLATE_FORBIDDEN"],
    ["import('fs')", "TEMPLATE_FORBIDDEN"],
    ["nodes['__class__']", "TEMPLATE_FORBIDDEN"],
    ["score.__class__", "TEMPLATE_FORBIDDEN"],
  ])("%s is an error", (condition, code) => {
    expect(() => evaluateCondition(condition, context)).toThrow(expect.objectContaining({ code, line: 1 }));
  });

  it("tells the place in the text as it was given", () => {
    expect(() => parseCondition("  {{ score > > 3 }}")).toThrow(expect.objectContaining({ line: 1, column: 14 }));
  });

  it("lists unknown filters and tests of an inline `if`, which fail when they are reached", () => {
    const condition = parseCondition(" {{ (score is evenn) if score is defined else topic | uper }}");
    expect(condition.deferred).toMatchObject([
      { code: "TEMPLATE_SYNTAX", message: "There is no test `evenn`", hint: "Did you mean `even`?", column: 15 },
      { message: "There is no filter `uper`", hint: "Did you mean `upper`?", column: 55 },
    ]);
    expect(() => evaluateCondition(condition, { topic: "x" })).toThrow("There is no filter `uper`");
  });

  it("lists the names it reads", () => {
    const { names, isElse } = parseCondition("{{ nodes.a.response == topic and x is defined and len(nodes) }}");
    expect(isElse).toBe(false);
    expect(names.map(({ path, guarded }) => [path.join("."), guarded])).toEqual([
      ["nodes.a.response", false],
      ["topic", false],
      ["x", true],
      ["nodes", false],
    ]);
  });
});
