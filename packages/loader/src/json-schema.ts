import { z } from "zod";
import { documentation } from "./schema/describe.js";
import { publishedSchema } from "./schema/spec-schema.js";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The format as JSON Schema (draft 2020-12), for editors. It accepts everything `parseSpec` accepts in shape, and does
 * not tie the pattern's config to its type, which `parseSpec` does.
 */
export function generateJsonSchema(): { readonly [key: string]: Json } {
  const generated = z.toJSONSchema(publishedSchema, { io: "input", target: "draft-2020-12", metadata: documentation });
  const { $schema, ...rest } = tidy(generated as unknown as Json) as { readonly [key: string]: Json };
  return {
    $schema: $schema ?? "https://json-schema.org/draft/2020-12/schema",
    title: "Strands workflow",
    description: "A workflow of agents: who they are, how they work together, and what comes out.",
    ...rest,
  };
}

/** Takes out what says nothing: bounds that only repeat what a number can hold, and names that are any text. */
function tidy(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(tidy);
  const entries = Object.entries(value as { readonly [key: string]: Json }).filter(([key, part]) => {
    if (key === "maximum") return part !== Number.MAX_SAFE_INTEGER;
    if (key === "minimum") return part !== Number.MIN_SAFE_INTEGER;
    return !(key === "propertyNames" && JSON.stringify(part) === '{"type":"string"}');
  });
  return Object.fromEntries(entries.map(([key, part]) => [key, tidy(part)]));
}
