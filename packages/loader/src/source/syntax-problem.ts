import type { ErrorCode, YAMLError } from "yaml";
import type { TextProblem } from "./guard-text.js";

/**
 * Our words for what the YAML library reports. Its own messages may quote the text, which must not happen for files
 * that are merely referenced, and speak of the library's grammar rather than of what a person typed.
 */
const words: Readonly<Record<ErrorCode, readonly [message: string, suggestion?: string]>> = {
  ALIAS_PROPS: ["an alias cannot have an anchor or a tag"],
  BAD_ALIAS: ["the name of an anchor or alias is not usable"],
  BAD_COLLECTION_TYPE: ["the tag does not fit the value", "take the tag out"],
  BAD_DIRECTIVE: ["the directive is not one of YAML 1.2", "take the line that starts with `%` out"],
  BAD_DQ_ESCAPE: ["the escape is not one that double quotes know", "use single quotes, or write the backslash twice"],
  BAD_INDENT: ["the indentation does not fit the lines around it", "line the keys up; close every bracket"],
  BAD_PROP_ORDER: ["anchors and tags must stand before what they belong to"],
  BAD_SCALAR_START: ["text cannot start with this character", "put the text in quotes"],
  BLOCK_AS_IMPLICIT_KEY: ["a mapping starts in the middle of a line", "put text that holds `: ` in quotes"],
  BLOCK_IN_FLOW: ["indented lists and mappings cannot stand inside brackets"],
  DUPLICATE_KEY: ["the key is given twice"],
  IMPOSSIBLE: ["the text cannot be read here"],
  KEY_OVER_1024_CHARS: ["the key is longer than 1024 characters"],
  MISSING_CHAR: ["a character is missing here", "close the quotes or brackets; put `: ` after a key"],
  MULTILINE_IMPLICIT_KEY: ["a key must be on one line", "put `: ` after the key"],
  MULTIPLE_ANCHORS: ["a value can have one anchor only"],
  MULTIPLE_DOCS: ["the file holds more than one document", "keep one workflow per file"],
  MULTIPLE_TAGS: ["a value can have one tag only"],
  NON_STRING_KEY: ["keys must be text"],
  RESOURCE_EXHAUSTION: ["the text takes too much to read"],
  TAB_AS_INDENT: ["tabs cannot indent", "use spaces"],
  TAG_RESOLVE_FAILED: ["the tag is not one this format knows", "take the tag out"],
  UNEXPECTED_TOKEN: ["this cannot stand here", "check the quotes and the indentation above"],
};

const codes: Partial<Readonly<Record<ErrorCode, string>>> = {
  DUPLICATE_KEY: "duplicate_key",
  MULTIPLE_DOCS: "multi_document",
  TAG_RESOLVE_FAILED: "unknown_tag",
  BAD_COLLECTION_TYPE: "unknown_tag",
};

/** What is wrong with a text that starts with `{{` and has no quotes: to YAML it is a mapping with a mapping as its key. */
export const bareTemplate = {
  message: "a text that starts with `{{` needs quotes",
  suggestion: "put the whole text in quotes",
};

/** What the YAML library found, in our words. */
export function syntaxProblem(error: YAMLError): TextProblem {
  const [message, suggestion] = words[error.code] ?? words.IMPOSSIBLE;
  return {
    code: codes[error.code] ?? "syntax",
    message: missingCharacter(error) ?? message,
    offset: error.pos[0],
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** Which character is missing, where the library says so in a fixed form. */
function missingCharacter(error: YAMLError): string | undefined {
  if (error.code !== "MISSING_CHAR" && error.code !== "BAD_INDENT") return undefined;
  const quote = /^Missing closing (["'])quote$/.exec(error.message)?.[1];
  if (quote !== undefined) return `the closing \`${quote}\` is missing`;
  const bracket = /must be sufficiently indented and end with a ([\]}])$/.exec(error.message)?.[1];
  return bracket === undefined
    ? undefined
    : `the closing \`${bracket}\` is missing, or the lines before it are not indented`;
}
