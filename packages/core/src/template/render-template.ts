import { cleanOutput, exceedsBytes } from "./clean-output.js";
import { globalNames } from "./globals.js";
import { Interpreter, outputFault } from "./interpreter.js";
import type { TemplateLimits } from "./limits.js";
import { resolveLimits } from "./limits.js";
import type { Template } from "./parse-template.js";
import { ParsedTemplate, parseTemplate } from "./parse-template.js";
import { renderPlain } from "./plain-template.js";
import type { TemplateContext } from "./scope.js";
import { contextNames, isScope } from "./scope.js";
import { locate } from "./template-errors.js";
import { Work } from "./work.js";

/**
 * Renders a template with the meaning Jinja2 gives it: strict undefined, Python's way of printing, no escaping of HTML.
 * Only own data properties of plain records and arrays are read; the context is never changed.
 *
 * @throws {@link TemplateError} `TEMPLATE_UNDEFINED` for a name or attribute without a value, `TEMPLATE_FORBIDDEN`,
 * `TEMPLATE_RUNTIME`, `TEMPLATE_LIMIT` when a budget ran out, and for a source that was not parsed before also `TEMPLATE_SYNTAX`.
 * @example
 * renderTemplate("{{ steps[0].response | truncate(20) }}", { steps: [{ response: "..." }] });
 */
export function renderTemplate(template: string | Template, context: TemplateContext, limits?: TemplateLimits): string {
  const parsed =
    template instanceof ParsedTemplate
      ? template
      : (parseTemplate(typeof template === "string" ? template : template.source) as ParsedTemplate);
  const budgets = resolveLimits(limits);
  const plain = plainResult(parsed, context, budgets.maxOutputBytes);
  if (plain !== undefined) return plain;
  const interpreter = new Interpreter(context, new Work(budgets), { lenient: false, mutates: parsed.mutates });
  try {
    const result = parsed.constant ?? cleanOutput(interpreter.render(parsed.statements));
    if (exceedsBytes(result, budgets.maxOutputBytes)) throw outputFault(budgets.maxOutputBytes);
    return result;
  } catch (error) {
    throw locate(error, parsed.text, interpreter.at, () => [...contextNames(context), ...globalNames]);
  }
}

/** The result of a template that needs no interpreter, when it is surely within the budget. */
function plainResult(template: ParsedTemplate, context: TemplateContext, maxBytes: number): string | undefined {
  const { constant, plain } = template;
  if (constant !== undefined) return constant.length <= maxBytes / 3 ? constant : undefined;
  if (plain === undefined) return undefined;
  const result = renderPlain(plain, context, isScope(context) ? context : undefined, maxBytes / 3);
  return result === undefined ? undefined : cleanOutput(result);
}
