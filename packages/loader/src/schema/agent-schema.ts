import { z } from "zod";
import { define, describe, number, text, texts } from "./describe.js";
import { timeoutSchema } from "./timeout-schema.js";

export const inferenceSchema: z.ZodType = define(
  "inference",
  z.strictObject({
    temperature: number("temperature", "Randomness of the answers.").optional(),
    top_p: number("top_p", "Share of the probability mass to sample from.").optional(),
    max_tokens: number("max_tokens", "Most tokens of one answer.").optional(),
  }),
  "Settings of the model for this agent; each wins over the one in `runtime`.",
);

const contract = (description: string) =>
  describe(z.union([z.string(), z.record(z.string(), z.unknown())]), description);

const agentFields = {
  tools: texts("Tools the agent may call. Absent means every declared tool, an empty list means none."),
  provider: text("Provider of this agent's model. Default: `runtime.provider`."),
  model_id: text("Model of this agent. Default: `runtime.model_id`."),
  inference: inferenceSchema,
  timeout: timeoutSchema,
  input_schema: contract("JSON Schema of the input, or the path of a file that holds it."),
  output_schema: contract("JSON Schema of the answer, or the path of a file that holds it."),
};

/** An agent once its reference, if it had one, is resolved. */
export const agentSchema: z.ZodType = define(
  "agent",
  z.strictObject({
    prompt: text("What the agent is told about its task (system prompt)."),
    ...optional(agentFields),
  }),
  "An agent.",
);

const overrides = () => ({
  prompt: text("Replaces the prompt of the referenced agent.").optional(),
  ...optional(agentFields),
});

const refText = "File of the agent, relative to this file.";

/** An agent that lives in another file. `ref` is another way to write `$ref`. */
export const agentReferenceSchema: z.ZodType = define(
  "agentReference",
  z.union([
    z.strictObject({ $ref: text(refText), ...overrides() }),
    z.strictObject({ ref: text(refText), ...overrides() }),
  ]),
  "An agent in a file of its own; keys given here replace those of that file.",
);

function optional<T extends Readonly<Record<string, z.ZodType>>>(fields: T): { [K in keyof T]: z.ZodOptional<T[K]> } {
  const entries = Object.entries(fields).map(([key, field]) => [key, field.optional()]);
  return Object.fromEntries(entries) as { [K in keyof T]: z.ZodOptional<T[K]> };
}
