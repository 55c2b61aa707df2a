import { expect, it } from "vitest";
import { EndMarks } from "./end-marks.js";

function sees(body: string, size: number): boolean {
  const marks = new EndMarks();
  const response = new Response();
  const look = marks.observe(response);
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += size) look(bytes.subarray(at, at + size));
  return marks.has(response);
}

const cases: readonly (readonly [string, boolean])[] = [
  ["data: {}\n\ndata: [DONE]\n\n", true],
  ["data:[DONE]\r\r", true],
  ["data: {}\r\n\r\ndata: [DONE]", true],
  ['data: {"text":"data: [DONE]"}\n\n', false],
  ['data: {"text":"\\ndata: [DONE]"}\n\n', false],
  ["data: {}\n\n", false],
  ["", false],
];
it.each(cases)("%j", (body, ended) => {
  for (const size of [1, 3, 7, 1000]) expect(sees(body, size)).toBe(ended);
});

it("keeps streams apart", () => {
  const marks = new EndMarks();
  const [one, other] = [new Response(), new Response()];
  marks.observe(one)(Buffer.from("data: [DONE]"));
  marks.observe(other)(Buffer.from("data: {}"));
  expect([marks.has(one), marks.has(other), marks.has(new Response())]).toEqual([true, false, false]);
});
