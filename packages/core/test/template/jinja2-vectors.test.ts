import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { TemplateError } from "../../src/error/errors.js";
import { evaluateCondition } from "../../src/template/condition.js";
import { renderTemplate } from "../../src/template/render-template.js";

interface Vector {
  readonly kind: "template" | "condition";
  readonly template: string;
  readonly output?: string | boolean;
  readonly error?: "syntax" | "undefined" | "security" | "runtime";
}

const { context, vectors } = JSON.parse(
  readFileSync(new URL("../../../../conformance/templates/jinja2.json", import.meta.url), "utf8"),
) as { readonly context: Record<string, unknown>; readonly vectors: readonly Vector[] };

const kinds: Readonly<Record<string, string>> = {
  TEMPLATE_SYNTAX: "syntax",
  TEMPLATE_UNDEFINED: "undefined",
  TEMPLATE_FORBIDDEN: "security",
  TEMPLATE_RUNTIME: "runtime",
};

function run({
  kind,
  template,
}: Vector): { readonly output: string | boolean } | { readonly error: string | undefined } {
  try {
    return {
      output: kind === "template" ? renderTemplate(template, context) : evaluateCondition(template, context),
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { error: kinds[error.code] };
  }
}

describe("templates and conditions as Jinja2 renders them", () => {
  it.each(vectors)("$kind $template", ({ kind, template, ...expected }) => {
    expect(run({ kind, template })).toEqual(expected);
  });
});
