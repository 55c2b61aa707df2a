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

const golden = JSON.parse(
  readFileSync(new URL("../../../../conformance/templates/templates.json", import.meta.url), "utf8"),
) as { readonly context: Record<string, unknown>; readonly vectors: readonly Vector[] };

/** What the reference refuses and we accept: filters beyond its four, and `dict` (decisions/0003-templates.md). */
const superset: Readonly<Record<string, string>> = {
  "{{ steps | length }}": "5",
  "{{ name | upper }}": "WORLD",
  "{{ name | replace('o','0') }}": "W0rld",
  "{{ name | default('x') }}": "World",
  "{{ name | length }}": "5",
  "{{ name | int }}": "0",
  "{{ name | safe }}": "World",
  "{{ obj.keys() | length }}": "3",
  "{{ count|string }}": "3",
  "{{ dict(a=1) }}": "{'a': 1}",
};

/** Where our code differs from the reference's kind of error, since the cause we see first is another one. */
const otherCode: Readonly<Record<string, string>> = {
  "{% extends 'x' %}": "TEMPLATE_FORBIDDEN",
  '{{ iter.issues | join(", ") }}': "TEMPLATE_UNDEFINED",
};

const codes = {
  syntax: "TEMPLATE_SYNTAX",
  undefined: "TEMPLATE_UNDEFINED",
  security: "TEMPLATE_FORBIDDEN",
  runtime: "TEMPLATE_RUNTIME",
} as const;

function run({ kind, template }: Vector): string | boolean {
  const context = structuredClone(golden.context);
  return kind === "template" ? renderTemplate(template, context) : evaluateCondition(template, context);
}

describe("golden templates and conditions", () => {
  it("has every recorded vector", () => {
    expect(golden.vectors).toHaveLength(159);
    expect(golden.vectors.filter(({ template }) => template in superset)).toHaveLength(Object.keys(superset).length);
  });

  it.each(golden.vectors.filter((vector) => vector.output !== undefined))("$kind $template", (vector) => {
    expect(run(vector)).toBe(vector.output);
  });

  it.each(golden.vectors.filter(({ error, template }) => error !== undefined && !(template in superset)))(
    "$kind $template fails",
    (vector) => {
      let thrown: unknown;
      try {
        run(vector);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(TemplateError);
      expect((thrown as TemplateError).code).toBe(otherCode[vector.template] ?? codes[vector.error ?? "runtime"]);
      expect((thrown as TemplateError).line).toBeGreaterThan(0);
    },
  );

  it.each(Object.entries(superset))("%s works here", (template, output) => {
    expect(renderTemplate(template, golden.context)).toBe(output);
  });

  it("leaves the context as it was", () => {
    const context = structuredClone(golden.context);
    for (const vector of golden.vectors) {
      try {
        if (vector.kind === "template") renderTemplate(vector.template, context);
        else evaluateCondition(vector.template, context);
      } catch {
        // Failing vectors must not change it either.
      }
    }
    expect(context).toEqual(golden.context);
  });
});
