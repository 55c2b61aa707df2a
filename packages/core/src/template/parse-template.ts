import type { TemplateError } from "../error/errors.js";
import { cleanOutput } from "./clean-output.js";
import { freeNames, type NameUse } from "./free-names.js";
import { globalNames } from "./globals.js";
import { parseStatements } from "./jinja-parser.js";
import { sourceLimits } from "./limits.js";
import { mutatingMethods } from "./methods.js";
import { type PlainTemplate, toPlain } from "./plain-template.js";
import { contextNames } from "./scope.js";
import type { Statement } from "./syntax-tree.js";
import { locate } from "./template-errors.js";
import { limitFault } from "./template-fault.js";

/** A variable that a template reads from its context. */
export interface TemplateName {
  readonly name: string;
  /** The name and what is read from it, as far as it is written out: `steps`, `0`, `response`. */
  readonly path: readonly string[];
  /** Whether the template checks for its absence, with `is defined` or `default`. */
  readonly guarded: boolean;
  /** 1-based line inside the template. */
  readonly line: number;
  /** 1-based column inside the template. */
  readonly column: number;
}

/** A parsed template, to be rendered any number of times. */
export interface Template {
  /** The text it was parsed from. */
  readonly source: string;
  /** The variables it reads from its context, in order, functions of the language left out. */
  readonly names: readonly TemplateName[];
  /** Filters and tests that do not exist, in its branches: as in Jinja2 they fail when they are reached. */
  readonly deferred: readonly TemplateError[];
}

/** @internal What the renderer needs of a template. */
export class ParsedTemplate implements Template {
  readonly source: string;
  /** The source as it was read: line ends made `\n`, one at the end dropped. */
  readonly text: string;
  readonly statements: readonly Statement[];
  /** The result, when the source has no template syntax. */
  readonly constant: string | undefined;
  /** Its short form, when it is nothing but text and paths. */
  readonly plain: PlainTemplate | undefined;
  /** Whether it calls a method that changes its target. */
  readonly mutates: boolean;
  readonly deferred: readonly TemplateError[];
  #names: readonly TemplateName[] | undefined;

  constructor(
    source: string,
    text: string,
    { tree: statements, deferred }: ReturnType<typeof parseStatements>,
    constant: string | undefined,
  ) {
    this.source = source;
    this.text = text;
    this.statements = statements;
    this.constant = constant;
    this.plain = toPlain(statements);
    this.deferred = deferred.map((fault) => locate(fault, text, 0, () => []));
    this.mutates = this.plain === undefined && callsMutator(text);
  }

  get names(): readonly TemplateName[] {
    this.#names ??= Object.freeze(placeNames(freeNames(this.statements), this.text, globalNames));
    return this.#names;
  }
}

/**
 * Whether a source may call a method that changes its target; a false alarm only costs a copy. A method can be called later,
 * under another name, so that its mention is enough; not one that something is read from, such as the id of a node.
 */
export function callsMutator(source: string): boolean {
  for (const match of source.matchAll(/\.\s*([a-z]+)\b(?!\s*[.[])/g))
    if (mutatingMethods.has(match[1] ?? "")) return true;
  return false;
}

/** Gives the uses of names their places and leaves out the functions of the language. */
export function placeNames(
  uses: readonly NameUse[],
  source: string,
  globals: readonly string[],
): readonly TemplateName[] {
  const free = uses.filter(({ name }) => !globals.includes(name)).sort((a, b) => a.at - b.at);
  let line = 1;
  let start = 0;
  return free.map(({ name, path, guarded, at }) => {
    for (let end = source.indexOf("\n", start); end >= 0 && end < at; end = source.indexOf("\n", start)) {
      line += 1;
      start = end + 1;
    }
    return Object.freeze({ name, path, guarded, line, column: at - start + 1 });
  });
}

/**
 * Parses a template in Jinja2's syntax.
 *
 * @throws {@link TemplateError} `TEMPLATE_SYNTAX`, `TEMPLATE_FORBIDDEN` for what templates may not do, `TEMPLATE_LIMIT`
 * when the source is too large or nested too deeply.
 * @example
 * renderTemplate(parseTemplate("Hello {{ name }}"), { name: "World" }); // "Hello World"
 */
export function parseTemplate(source: string): Template {
  const text = source.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  try {
    if (source.length > sourceLimits.maxSourceChars) {
      throw limitFault(`The template is longer than ${sourceLimits.maxSourceChars} characters`);
    }
    if (!/\{[{%#]/.test(text))
      return Object.freeze(new ParsedTemplate(source, text, { tree: [], deferred: [] }, cleanOutput(text)));
    return Object.freeze(new ParsedTemplate(source, text, parseStatements(text), undefined));
  } catch (error) {
    throw locate(error, text, 0, () => contextNames({}));
  }
}
