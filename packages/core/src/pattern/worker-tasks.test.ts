import { describe, expect, it } from "vitest";
import { clarifyTasks, decomposePrompt, nextRoundPrompt, readTasks, redoPrompt } from "./worker-tasks.js";

const texts = (answer: string): readonly string[] | undefined => readTasks(answer, "model")?.map(({ text }) => text);

describe("a list of tasks", () => {
  it.each([
    ['[{"task": "a"}, {"task": "b"}]', ["a", "b"]],
    ['{"task": "only"}', ["only"]],
    ['["a", "b"]', ["a", "b"]],
    ['[{"description": "a"}]', ["a"]],
    ['{"tasks": [{"task": "a"}, "b"]}', ["a", "b"]],
    ["[]", []],
    ['{"tasks": []}', []],
    ['```json\n[{"task": "a"}]\n```', ["a"]],
    ['Here:\n```\n{"task": "a"}\n```', ["a"]],
    ['```json\n["a"]\n```', ["a"]],
    ['The tasks are [{"task": "a"}, {"task": "b"}]. Good luck!', ["a", "b"]],
    ['See [1] and [{"x": [2]}, 3]. Tasks: [{"task": "a"}]', ["a"]],
    ['[{"task": "use [brackets] and {braces}"}] as said', ["use [brackets] and {braces}"]],
  ])("is read from %j", (answer, expected) => {
    expect(texts(answer)).toEqual(expected);
  });

  it.each([
    "",
    "nothing to do",
    "5",
    '"task"',
    "null",
    "[5]",
    "[null]",
    '[["a"]]',
    '[{"task": 5}]',
    '[{"task": ""}]',
    '[{"task": "a"}, {"task": 5}]',
    '[""]',
    "[{}]",
    '["in", "prose"] is no list of tasks',
    "the empty list [] in prose",
    '{"tasks": 5, "task": 5}',
  ])("is not %j", (answer) => {
    expect(texts(answer)).toBeUndefined();
  });

  it("passes other fields along as JSON", () => {
    expect(texts('[{"task": "a", "priority": 1, "tags": ["x"]}]')).toEqual(['a\n\n{"priority":1,"tags":["x"]}']);
    expect(texts('[{"description": "a", "id": 7}]')).toEqual(['a\n\n{"id":7}']);
    expect(texts('[{"title": "a", "steps": [1]}]')).toEqual(['{"title":"a","steps":[1]}']);
    expect(texts('[{"task": "a", "description": "b"}]')).toEqual(['a\n\n{"description":"b"}']);
  });

  it("keeps what was given for templates", () => {
    expect(readTasks('[{"task": "a", "n": 1}, "b"]', "model")?.map(({ given }) => given)).toEqual([
      { task: "a", n: 1 },
      "b",
    ]);
  });

  it("takes keys of any name for data", () => {
    expect(texts('[{"task": "a", "__proto__": 1, "constructor": 2}]')).toEqual([
      'a\n\n{"__proto__":1,"constructor":2}',
    ]);
    expect(texts('[{"__proto__": {"task": "a"}}]')).toEqual(['{"__proto__":{"task":"a"}}']);
  });

  it("is not one that is nested as deep as no stack is", () => {
    const deep = `${"[".repeat(39_000)}${"]".repeat(39_000)}`;
    expect(texts(`[{"task": "a", "x": ${deep}}]`)).toBeUndefined();
    expect(texts(`[{"x": ${deep}}]`)).toBeUndefined();
  });

  it("is, as a person's edit, the whole text or a fence, and a list or one task", () => {
    const edited = (text: string) => readTasks(text, "edit")?.map((task) => task.text);
    expect(edited(' [{"task": "a"}] ')).toEqual(["a"]);
    expect(edited("[]")).toEqual([]);
    for (const text of ['{"task": "a"}', '{"tasks": ["a"]}', '```\n["a"]\n```']) expect(edited(text)).toEqual(["a"]);
    for (const text of ['fine, [{"task": "a"}]', '[{"task": "a"', "approve", '"a"', "[1]"]) {
      expect(edited(text)).toBeUndefined();
    }
  });
});

describe("the prompts", () => {
  const variables = { topic: "tea", n: 2 };
  const block = JSON.stringify(variables, null, 2);

  it("ask for a JSON array of objects with a task, give a sample, and the variables as JSON", () => {
    const prompt = decomposePrompt(variables);
    expect(prompt).toMatch(/workers.*JSON array of objects.*"task".*empty array/s);
    expect(prompt.match(/\{"task": /g)).toHaveLength(3);
    expect(prompt).toContain(block);
    expect(prompt.indexOf(block)).toBeLessThan(prompt.length - block.length);
  });

  it("of a later round hold what the workers were told and answered", () => {
    const prompt = nextRoundPrompt(variables, [{ task: "do x", response: "x done" }]);
    expect(prompt).toContain(block);
    expect(prompt).toMatch(/do x.*x done/s);
  });

  it("say when asking again that it was no valid JSON, the format, and how the answer began", () => {
    const prompt = clarifyTasks(`${"x".repeat(500)}y`);
    expect(prompt).toMatch(/not valid JSON.*JSON array.*empty array/s);
    expect(prompt).toContain("x".repeat(500));
    expect(prompt).not.toContain("xy");
  });

  it("hold what a reviewer said", () => {
    expect(redoPrompt("fewer {{ tasks }}")).toMatch(/JSON array.*fewer \{\{ tasks \}\}$/s);
  });
});
