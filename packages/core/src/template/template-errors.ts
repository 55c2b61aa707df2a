import { TemplateError } from "../error/errors.js";
import { nearest } from "../spec/suggest.js";
import { TemplateFault } from "./template-fault.js";

/** Line and column of an offset, both counted from 1. */
function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at);
  return { line: before.split("\n").length, column: at - (before.lastIndexOf("\n") + 1) + 1 };
}

/** Gives an error its place in the source, whatever was thrown. */
export function locate(error: unknown, source: string, at: number, names: () => readonly string[]): TemplateError {
  if (error instanceof TemplateError && error.line !== undefined) return error;
  const offset = Math.min(source.length, (error instanceof TemplateFault ? error.at : undefined) ?? at);
  const place = { ...placeOf(source, offset), expression: expressionAt(source, offset) };
  if (error instanceof TemplateFault) return fromFault(error, place, names);
  if (error instanceof TemplateError) {
    return new TemplateError(error.code as TemplateFault["code"], error.message, {
      ...place,
      hint: error.hint,
      details: error.details,
      cause: error,
    });
  }
  // A stack that is too small for our budgets ends here, and so does anything a host object threw while it was read.
  const isOverflow = error instanceof RangeError;
  return new TemplateError(
    isOverflow ? "TEMPLATE_LIMIT" : "TEMPLATE_RUNTIME",
    isOverflow ? "The template or its data is nested too deeply" : "The template could not be rendered",
    { ...place, cause: error },
  );
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly expression: string;
}

function fromFault(fault: TemplateFault, place: Place, names: () => readonly string[]): TemplateError {
  const available = fault.undefinedName === undefined ? undefined : names();
  const hint = fault.hint ?? (available === undefined ? undefined : nameHint(fault.undefinedName ?? "", available));
  return new TemplateError(fault.code, fault.message, {
    ...place,
    hint,
    details: available === undefined ? undefined : { name: fault.undefinedName, available },
  });
}

function nameHint(name: string, available: readonly string[]): string {
  const near = nearest(name, available);
  const shown = available.slice(0, 20).map((other) => `\`${other.slice(0, 60)}\``);
  const list =
    shown.length === 0
      ? "No names are available."
      : `Available: ${shown.join(", ")}${available.length > 20 ? ", ..." : ""}.`;
  return near === undefined ? list : `Did you mean \`${near}\`? ${list}`;
}

/** The expression or statement that starts at an offset, shortened. */
function expressionAt(source: string, at: number): string {
  const lineStart = Math.max(source.lastIndexOf("{{", at), source.lastIndexOf("{%", at));
  const from = lineStart >= 0 && at - lineStart < 60 && !/[%}]\}/.test(source.slice(lineStart, at)) ? lineStart : at;
  const rest = source.slice(from, from + 200);
  const end = /[%}]\}/.exec(rest);
  const text = end === null ? rest : rest.slice(0, end.index + 2);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
