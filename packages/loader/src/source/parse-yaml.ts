import { Composer, CST, type Document, Lexer, LineCounter, Parser, type ScalarTag, visit, type YAMLError } from "yaml";
import { maxDepth, type TextProblem } from "./guard-text.js";
import { bareTemplate, syntaxProblem } from "./syntax-problem.js";

/** Syntax problems after which the rest of a text is not worth reading. */
const maxProblems = 100;

/** One parsed document with the places of its parts. */
export interface ParsedYaml {
  readonly root: Document.Parsed["contents"] | null;
  readonly problems: readonly TextProblem[];
  readonly lines: LineCounter;
}

/**
 * Parses one YAML 1.2 document (JSON is one, too). Nesting is bounded while the text is still read as flat tokens: the
 * composer is recursive, and two kilobytes of `[` are enough to end the process inside it, with no exception to catch.
 */
export function parseYaml(text: string): ParsedYaml {
  // The library makes an Error for every problem; without stack traces a hundred thousand of them take no time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseText(text);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Numbers of the existing tool that YAML 1.2 alone would make text: `1_000`, `1_000.5`, `0b11`, `-0x1F`. */
const numbersOfPython: readonly ScalarTag[] = [
  /^[-+]?(?:0b(?=_*[01])[01_]+|0o(?=_*[0-7])[0-7_]+|0x(?=_*[\da-fA-F])[\da-fA-F_]+)$/,
  /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.(?=_*\d)[\d_]+)(?:[eE][-+]?\d+)?$/,
].map((test) => ({
  tag: "tag:yaml.org,2002:int",
  default: true,
  identify: () => false,
  test,
  resolve: (text) => {
    const digits = Number(text.replaceAll("_", "").replace(/^[-+]/, ""));
    return text.startsWith("-") ? -digits : digits;
  },
}));

function parseText(text: string): ParsedYaml {
  const lines = new LineCounter();
  const tokens = readTokens(text, lines);
  if (!Array.isArray(tokens)) return { root: null, problems: [tokens], lines };
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    resolveKnownTags: false,
    customTags: (tags) => [...numbersOfPython, ...tags],
    prettyErrors: false,
    // Its own check is quadratic; `toPlainData` finds duplicates.
    uniqueKeys: false,
    lineCounter: lines,
  });
  const problems: TextProblem[] = [];
  let first: Document.Parsed | undefined;
  for (const document of composer.compose(tokens, true, text.length)) {
    if (first !== undefined) {
      problems.push({
        code: "multi_document",
        message: "the file holds more than one document",
        offset: nextDocument(text, first.range[1], document.range[0]),
        suggestion: "keep one workflow per file",
      });
      break;
    }
    first = document;
    for (const error of [...document.errors, ...document.warnings]) {
      problems.push(atBareTemplate(error, atOpeningQuote(syntaxProblem(error), document.contents), text));
    }
  }
  return { root: first?.contents ?? null, problems: withoutFollowUps(problems), lines };
}

/** An open quote is found where the text ends, but mended where it starts. */
function atOpeningQuote(problem: TextProblem, root: ParsedYaml["root"]): TextProblem {
  if (!/^the closing `["']`/.test(problem.message)) return problem;
  let { offset } = problem;
  visit(root, {
    Scalar: (_, { type, range }) => {
      if (!type?.startsWith("QUOTE") || !range || range[0] > offset || range[1] < offset) return undefined;
      offset = range[0];
      return visit.BREAK;
    },
  });
  return { ...problem, offset };
}

/** What YAML minds in or behind a text that starts with `{{`: quotes around that text are what is missing. */
function atBareTemplate({ code }: YAMLError, problem: TextProblem, text: string): TextProblem {
  if (code !== "UNEXPECTED_TOKEN" && code !== "MISSING_CHAR" && code !== "BAD_SCALAR_START") return problem;
  const line = text.lastIndexOf("\n", problem.offset - 1) + 1;
  const found = /(?:^\s*|[:,-] +|\[ *)(\{\{)/d.exec(text.slice(line, problem.offset + 2));
  const [at] = found?.indices?.[1] ?? [];
  return at === undefined ? problem : { ...problem, ...bareTemplate, offset: line + at };
}

/** One problem per place, and none after an open quote: from there on everything is read as something else. */
function withoutFollowUps(problems: readonly TextProblem[]): TextProblem[] {
  const kept: TextProblem[] = [];
  for (const problem of [...problems].sort((a, b) => a.offset - b.offset)) {
    if (kept.at(-1)?.offset !== problem.offset) kept.push(problem);
    if (problem.message.startsWith("the closing") || kept.length === maxProblems) break;
  }
  return kept;
}

function readTokens(text: string, lines: LineCounter): CST.Token[] | TextProblem {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === "error") errors++;
    }
    if (errors > maxProblems) break;
    // The stack holds the document, the open collections and the scalar being read.
    if (parser.stack.length > maxDepth && parser.stack.filter(CST.isCollection).length > maxDepth) {
      const message = `lists and mappings are nested more than ${maxDepth} deep`;
      return { code: "depth_limit", message, offset: parser.offset };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function nextDocument(text: string, from: number, fallback: number): number {
  const marker = /^---/m.exec(text.slice(from));
  return marker === null ? fallback : from + marker.index;
}
