import { z } from "zod";
import { choice, define, describe, identifier, number, text, texts, uniqueTexts } from "./describe.js";

const agentName = () => text("Id of an agent under `agents`.");
const inputTemplate = () => text("Template of what the agent is asked.");

const pauseFields = () => ({
  type: choice("type", "Pauses for a person. `manual_gate` is another name for `hitl`."),
  prompt: text("What the person is asked."),
  context_display: text("Template of what the person is shown next to the prompt.").optional(),
  default: text("Answer taken when the time is up.").optional(),
  timeout_seconds: number("timeout_seconds", "Seconds until `default` is taken; 0 means never.", {
    default: 0,
  }).optional(),
  timeout_minutes: number(
    "timeout_minutes",
    "Minutes until `default` is taken; another way to write `timeout_seconds`.",
  ).optional(),
});

export const agentStepSchema: z.ZodType = define(
  "agentStep",
  z.strictObject({
    agent: agentName(),
    input: inputTemplate().optional(),
    vars: describe(
      z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      "Names for this step's template only; they win over every other.",
    ).optional(),
    tool_overrides: texts("Replaces the agent's list of tools in this step.").optional(),
  }),
  "A step in which an agent answers.",
);

export const pauseStepSchema: z.ZodType = define(
  "pauseStep",
  z.strictObject({ id: identifier("Name of the pause.").optional(), ...pauseFields() }),
  "A step that pauses for a person.",
);

export const stepSchema: z.ZodType = define(
  "step",
  z.union([agentStepSchema, pauseStepSchema]),
  "An agent or a pause.",
);

export const gateSchema: z.ZodType = define(
  "gate",
  z.strictObject({
    id: identifier("Name of the pause.").optional(),
    ...pauseFields(),
    validation: describe(
      z.strictObject({
        pattern: text("Regular expression that must match somewhere in the answer. Python syntax.").optional(),
      }),
      "What the answer must be.",
    ).optional(),
  }),
  "A review by a person inside the pattern.",
);

const deps = () => uniqueTexts(identifier("Id of a task."), "Tasks that must be done before.").optional();

export const agentTaskSchema: z.ZodType = define(
  "agentTask",
  z.strictObject({
    id: identifier("Id of the task."),
    agent: agentName(),
    deps: deps(),
    description: text("For the reader only.").optional(),
    input: inputTemplate().optional(),
  }),
  "A task for an agent.",
);

export const pauseTaskSchema: z.ZodType = define(
  "pauseTask",
  z.strictObject({ id: identifier("Id of the task."), deps: deps(), ...pauseFields() }),
  "A task that pauses for a person.",
);

export const agentNodeSchema: z.ZodType = define(
  "agentNode",
  z.strictObject({ agent: agentName(), input: inputTemplate().optional() }),
  "A node in which an agent answers.",
);

export const pauseNodeSchema: z.ZodType = define(
  "pauseNode",
  z.strictObject({ id: identifier("Name of the pause.").optional(), ...pauseFields() }),
  "A node that pauses for a person.",
);
