import type { SpecIssue } from "../error/errors.js";
import { TemplateError } from "../error/errors.js";
import { quoteValue } from "../spec/check-quote.js";
import { listNames } from "../spec/check-report.js";
import type { Spec } from "../spec/spec.js";
import { nearest } from "../spec/suggest.js";
import { resolveVariables } from "../spec/variables.js";
import { parseCondition } from "../template/condition.js";
import type { TemplateName } from "../template/parse-template.js";
import type { Known, Parts } from "./given-names.js";
import type { TemplatePlace } from "./template-places.js";
import { templatePlaces } from "./template-places.js";
import { TemplateTable } from "./template-table.js";

/** A name that a template or condition of a spec reads. */
export interface NameReading extends TemplateName {
  /** JSON pointer of the text. */
  readonly pointer: string;
  readonly kind: TemplatePlace["kind"];
  /**
   * Where its value comes from: the pattern, an input or variable, or nowhere: `never` is a name of the pattern's that it
   * does not give there, or a part of one that cannot be there.
   */
  readonly from: "pattern" | "variable" | "never";
  /** For `never`: the path to the part that cannot have a value, as a template writes it. */
  readonly lost: string | undefined;
}

/** Lists every name that templates and conditions of a spec read, in file order. Texts that do not parse are left out. */
export function readNames(spec: Spec): readonly NameReading[] {
  const templates = new TemplateTable();
  const places = templatePlaces(spec);
  const { inputs, ofPattern } = knownNames(spec, places);
  return places.flatMap((place) =>
    namesOf(place, templates).map((read): NameReading => {
      const isGiven = Object.hasOwn(place.given, read.name);
      const at = isGiven
        ? missingPart(place.given[read.name], read.path)?.at
        : ofPattern.has(read.name) && !inputs.has(read.name)
          ? 0
          : undefined;
      const lost = at === undefined ? undefined : pathText(read.path.slice(0, at + 1));
      const from = lost !== undefined ? "never" : isGiven ? "pattern" : "variable";
      return { ...read, pointer: place.pointer, kind: place.kind, from, lost };
    }),
  );
}

/** The names that are declared, and those that the pattern gives somewhere. */
function knownNames(spec: Spec, places: readonly TemplatePlace[]) {
  const inputs = new Set([
    ...Object.keys(resolveVariables(spec)),
    ...Object.keys({ ...spec.inputs?.required, ...spec.inputs?.optional }),
  ]);
  return { inputs, ofPattern: new Set([...structural, ...places.flatMap(({ given }) => Object.keys(given))]) };
}

function namesOf({ source, kind }: TemplatePlace, templates: TemplateTable): readonly TemplateName[] {
  // A regular expression reads no names.
  if (kind === "regex" || (kind !== "condition" && !source.includes("{"))) return [];
  try {
    return kind === "condition" ? parseCondition(source).names : templates.get(source).parse().names;
  } catch (error) {
    if (error instanceof TemplateError) return [];
    throw error;
  }
}

/** Most issues about names in one text, and most names that are compared with others, before we stop. */
const maxIssues = 50;
const maxGuesses = 500;

/** Names that the structure of patterns gives, so that nobody means a variable by them. */
const structural = ["steps", "tasks", "branches", "nodes", "router", "last_response", "hitl_response"];

/** Gives the function that says which names of a text have no value, or may have none. */
export function nameCheck(
  spec: Spec,
  places: readonly TemplatePlace[],
  templates: TemplateTable,
): (place: TemplatePlace) => readonly SpecIssue[] {
  const { inputs, ofPattern } = knownNames(spec, places);
  let guesses = maxGuesses;
  /** A did-you-mean; the candidates are looked up only as long as we guess. */
  const near = (word: string, candidates: () => Iterable<string>): string | undefined =>
    guesses-- > 0 ? nearest(word, candidates()) : undefined;

  const said = new Set<string>();
  return (place) => {
    const { given, kind, pointer } = place;
    const issues = new Map<string, SpecIssue>();
    for (const { name, path, guarded, line, column } of namesOf(place, templates)) {
      if (issues.size >= (kind === "text" ? 1 : maxIssues)) break;
      if (guarded) continue;
      const fault = Object.hasOwn(given, name)
        ? partFault(path, missingPart(given[name], path), near)
        : inputs.has(name)
          ? undefined
          : nameFault(name, place, ofPattern.has(name), () => [...inputs, ...Object.keys(given)], near);
      if (fault === undefined || issues.has(fault.shown) || said.has(fault.shown)) continue;
      const { code, shown, what, unless, suggestion, variable, once } = fault;
      if (once === true) said.add(shown);
      const message = `${quoteValue(shown)} ${what} (line ${line}, column ${column} of this text): ${unless}${consequences[kind]}`;
      const issue: SpecIssue = { code, pointer, severity: "warning", message, suggestion };
      issues.set(shown, variable === undefined ? issue : { ...issue, variable });
    }
    return [...issues.values()];
  };
}

interface Fault {
  readonly code: "undeclared_name" | "never_defined";
  /** The name, or the part of it, that has no value. */
  readonly shown: string;
  readonly what: string;
  readonly unless: string;
  readonly suggestion: string;
  /** Whether the same is said once, at the first place. */
  readonly once?: boolean;
  readonly variable?: string;
}

type Near = (word: string, candidates: () => Iterable<string>) => string | undefined;

const consequences = {
  template: "this fails when it is reached",
  regex: "",
  lenient: "this fails when it is reached",
  display: "the person is shown this instead",
  condition: "it counts as false, and reading from it fails",
  text: "the text is used as written",
};

function nameFault(
  name: string,
  { given, kind }: TemplatePlace,
  isOfPattern: boolean,
  candidates: () => Iterable<string>,
  near: Near,
): Fault | undefined {
  const unless = "without a value for it ";
  if (isOfPattern && kind !== "text") {
    const names = Object.keys(given);
    const suggestion = `the pattern gives ${names.length === 0 ? "no names" : listNames(names, 10)} here`;
    return { code: "never_defined", shown: name, what: "has no value here", unless, suggestion, variable: name };
  }
  const close = isOfPattern ? undefined : near(name, candidates);
  const suggestion = isOfPattern
    ? "only inputs and variables can be read here; put it into an `input` or a `context_display`"
    : close === undefined
      ? `declare ${quoteValue(name)} under \`inputs\`, or pass it as a variable`
      : `did you mean ${quoteValue(close)}?`;
  const once = close === undefined && kind !== "text";
  return {
    code: "undeclared_name",
    shown: name,
    what: "is no declared input",
    unless,
    suggestion,
    once,
    variable: name,
  };
}

function partFault(path: readonly string[], missing: MissingPart | undefined, near: Near): Fault | undefined {
  if (missing === undefined) return undefined;
  const { parts, at } = missing;
  const { all, here, advice } = parts;
  const owner = path.slice(0, at);
  const part = path[at] ?? "";
  const candidates = (): readonly string[] => [...all.keys()].filter((name) => here === undefined || here(name));
  const close = all.has(part) ? undefined : near(part, candidates);
  const known = all.size < 1000 ? candidates() : [];
  const suggestion =
    close !== undefined
      ? `did you mean ${quoteValue(pathText([...owner, close]))}?`
      : all.has(part) && advice !== undefined
        ? advice
        : known.length === 0
          ? `${quoteValue(pathText(owner))} has nothing here yet`
          : `${quoteValue(pathText(owner))} has ${listNames(known, 10)} here`;
  return {
    code: "never_defined",
    shown: pathText(path.slice(0, at + 1)),
    what: "can never have a value here",
    unless: "",
    suggestion,
  };
}

/** Where a path leaves what is there. */
interface MissingPart {
  readonly parts: Parts;
  /** Index of the part that is not there. */
  readonly at: number;
}

function missingPart(root: Known | undefined, path: readonly string[]): MissingPart | undefined {
  let known = root;
  for (let at = 1; at < path.length && typeof known === "object"; at += 1) {
    const part = path[at] ?? "";
    const next = known.all.get(part);
    if (next === undefined || known.here?.(part) === false) return { parts: known, at };
    known = next;
  }
  return undefined;
}

/** A path as a template writes it: `steps[0].response`, `tasks['a-b']`. */
function pathText(path: readonly string[]): string {
  const tail = (part: string): string =>
    /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : /^\d+$/.test(part) ? `[${part}]` : `['${part}']`;
  return `${path[0]}${path.slice(1).map(tail).join("")}`;
}
