import type { TextProblem } from "./guard-text.js";

/** A problem the YAML parser has with text that is nevertheless correct JSON. */
const yamlOnly = "the key is longer than 1024 characters";

/**
 * Problems of JSON text. The YAML parser, which supplies data and places, takes more than JSON allows, so JSON's own
 * parser has the say; its messages quote the text and often lack the place, so both are found here.
 */
export function parseJson(text: string, yamlProblems: readonly TextProblem[]): readonly TextProblem[] {
  const fatal = yamlProblems.filter((problem) => problem.code === "depth_limit");
  if (fatal.length > 0 || text.trim() === "") return fatal;
  try {
    JSON.parse(text);
    return yamlProblems.filter((problem) => problem.message !== yamlOnly);
  } catch {
    const offset = findJsonError(text);
    const ended = offset >= text.trimEnd().length;
    const message = ended ? "the JSON ends before it is complete" : "this is not JSON";
    const suggestion = ended ? "close every bracket and quote" : "check commas, quotes and brackets here";
    return [{ code: "syntax", message, offset, suggestion }];
  }
}

type Expected = "value" | "value_or_end" | "key" | "key_or_end" | "colon" | "comma_or_end";

/** Offset of the first thing that JSON does not allow. */
function findJsonError(text: string): number {
  const open: string[] = [];
  let expected: Expected = "value";
  let offset = skipSpace(text, 0);
  while (offset < text.length) {
    const character = text[offset] ?? "";
    const wantsValue: boolean = expected === "value" || expected === "value_or_end";
    const closer = open.at(-1) === "{" ? "}" : "]";
    if (character === closer && open.length > 0 && expected.endsWith("_or_end")) {
      if (expected === "comma_or_end" || (expected === "key_or_end") === (closer === "}")) {
        open.pop();
        expected = "comma_or_end";
        offset++;
      } else return offset;
    } else if (wantsValue && (character === "{" || character === "[")) {
      open.push(character);
      expected = character === "{" ? "key_or_end" : "value_or_end";
      offset++;
    } else if (expected === "colon" && character === ":") {
      expected = "value";
      offset++;
    } else if (expected === "comma_or_end" && character === "," && open.length > 0) {
      expected = open.at(-1) === "{" ? "key" : "value";
      offset++;
    } else if (character === '"' && (wantsValue || expected === "key" || expected === "key_or_end")) {
      const end = endOfString(text, offset);
      if (end.bad) return end.offset;
      offset = end.offset;
      expected = wantsValue ? "comma_or_end" : "colon";
    } else if (wantsValue) {
      const literal = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)(?![\w.+-])/.exec(
        text.slice(offset, offset + 400),
      );
      if (literal === null) return offset;
      offset += literal[0].length;
      expected = "comma_or_end";
    } else return offset;
    offset = skipSpace(text, offset);
  }
  return text.trimEnd().length;
}

function skipSpace(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && " \t\n\r".includes(text[offset] ?? "")) offset++;
  return offset;
}

function endOfString(text: string, start: number): { readonly offset: number; readonly bad: boolean } {
  let offset = start + 1;
  while (offset < text.length) {
    const character = text[offset] ?? "";
    if (character === '"') return { offset: offset + 1, bad: false };
    if (character < " ") return { offset, bad: true };
    if (character === "\\") {
      const sequence = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(offset, offset + 6));
      if (sequence === null) return { offset, bad: true };
      offset += sequence[0].length;
    } else offset++;
  }
  return { offset: text.trimEnd().length, bad: true };
}
