import { expect, it } from "vitest";
import { countWords } from "./count-words.js";

it.each([
  ["", 0],
  ["   \n\t ", 0],
  ["one", 1],
  ["  two  words ", 2],
  ["tabs\tand\nnew\r\nlines", 4],
  ["no\u00a0break\u2003em\u3000ideographic", 4],
  ["über-größe, naïve café", 3],
  ["日本語 テキスト", 2],
])("counts the words of %j", (text, words) => {
  expect(countWords(text)).toBe(words);
});

it("counts as splitting at white space does", () => {
  const text = "The quick\u2028brown\u2009fox — jumps, over\fthe\vlazy dog.\u202f";
  expect(countWords(text)).toBe(text.split(/\s+/).filter((word) => word !== "").length);
});
