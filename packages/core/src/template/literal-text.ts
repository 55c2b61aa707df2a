import { cleanOutput } from "./clean-output.js";
import type { ParsedTemplate, Template } from "./parse-template.js";

/** The text that a template writes whatever its names hold, with a mark wherever something is filled in. */
export function literalText(template: Template, mark: string): string {
  const { constant, statements } = template as ParsedTemplate;
  return (
    constant ?? cleanOutput(statements.map((statement) => (statement.type === "text" ? statement.text : mark)).join(""))
  );
}
