import { expect, it } from "vitest";
import { keysOf, orderedRecord } from "./ordered-record.js";
import { parseTemplate } from "./parse-template.js";
import { renderTemplate } from "./render-template.js";

const ids = ["b", "10", "2", "__proto__", "constructor", "1"];
const record = orderedRecord(ids.map((id) => [id, `${id}!`]));

it("keeps the order of its entries, whatever their keys", () => {
  expect(keysOf(record)).toEqual(ids);
  expect(keysOf({ b: 1, a: 2 })).toEqual(["b", "a"]);
  expect(ids.map((id) => record[id])).toEqual(ids.map((id) => `${id}!`));
  expect(Object.keys(record).sort()).toEqual([...ids].sort());
});

it.each([
  ["{{ r | list | join(' ') }}", "b 10 2 __proto__ constructor 1"],
  ["{% for k, v in r.items() %}{{ k }}={{ v }} {% endfor %}", ids.map((id) => `${id}=${id}! `).join("")],
  ["{{ r.values() | list | first }} {{ r.keys() | list | last }}", "b! 1"],
  ["{{ r['10'] }} {{ r | length }} {{ '2' in r }}", "10! 6 True"],
  ["{{ r }}", `{${ids.map((id) => `'${id}': '${id}!'`).join(", ")}}`],
  ["{{ r | tojson }}", `{${ids.map((id) => `"${id}": "${id}!"`).join(", ")}}`],
])("is walked by %s in that order", (source, expected) => {
  expect(renderTemplate(parseTemplate(source), { r: record })).toBe(expected);
});
