import { describe, expect, it } from "vitest";
import type { Known } from "../src/program/given-names.js";
import type { TemplatePlace } from "../src/program/template-places.js";
import { templatePlaces } from "../src/program/template-places.js";
import { fromPointer } from "../src/spec/check-pointer.js";
import type { PatternSpec, Spec } from "../src/spec/spec.js";
import { scriptedModel } from "./support/scripted-model.js";
import { agent, bench, chainSpec } from "./support/workflows.js";

const step = { agent: "writer", input: "-" };
const gate = { type: "hitl", prompt: "Go on?", context_display: "-" } as const;

const patterns: readonly PatternSpec[] = [
  { type: "chain", config: { steps: [step, gate, { ...step, vars: { own: 1 } }, gate] } },
  {
    type: "workflow",
    config: {
      tasks: [
        { id: "end", deps: ["ask", "b-c"], ...step },
        { id: "first", ...step },
        { id: "ask", ...gate },
        { id: "b-c", ...step },
        { id: "late", deps: ["first"], ...gate },
      ],
    },
  },
  {
    type: "routing",
    config: {
      router: { ...step, review_router: gate },
      // biome-ignore lint/suspicious/noThenProperty: a key of the format
      routes: { a: { then: [step, gate, step] }, b: { then: [step] } },
    },
  },
  {
    type: "parallel",
    config: {
      branches: [
        { id: "a", steps: [step, gate, step] },
        { id: "b", steps: [step, step] },
      ],
      reduce: step,
    },
  },
  {
    type: "evaluator_optimizer",
    config: {
      producer: "writer",
      evaluator: { agent: "judge", input: "-" },
      accept: { min_score: 50 },
      revise_prompt: "-",
      review_gate: gate,
    },
  },
  {
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: "judge" },
      decomposition_review: gate,
      worker_template: { agent: "writer" },
      reduce_review: gate,
      reduce: step,
      writeup: step,
    },
  },
  {
    type: "graph",
    config: {
      nodes: { a: step, ask: gate, z: step },
      edges: [
        { from: "a", to: ["ask"] },
        { from: "ask", to: ["z"] },
      ],
    },
  },
];

const specOf = (pattern: PatternSpec): Spec =>
  chainSpec([], {
    agents: { writer: agent(), judge: agent() },
    pattern,
    outputs: { artifacts: [{ path: "out.md", from: "-" }] },
  });

/** The spec with another text at a place. */
function withText(spec: Spec, pointer: string, text: string): Spec {
  const copy = JSON.parse(JSON.stringify(spec)) as Record<string, unknown>;
  const path = fromPointer(pointer);
  const last = path.pop() ?? "";
  let owner: Record<string, unknown> = copy;
  for (const key of path) owner = owner[key] as Record<string, unknown>;
  owner[last] = text;
  return copy as unknown as Spec;
}

/** What a run says of a template: `fine`, or the code of the error. */
async function verdictOn(spec: Spec, { pointer }: TemplatePlace, text: string): Promise<string> {
  const model = scriptedModel(({ stepKey }) => {
    if (stepKey.startsWith("router")) return JSON.stringify({ route: pointer.includes("/routes/b/") ? "b" : "a" });
    if (stepKey.startsWith("orchestrator")) return '[{"task": "t"}]';
    if (stepKey.startsWith("evaluation")) return JSON.stringify({ score: stepKey === "evaluation/2" ? 10 : 90 });
    return "said";
  });
  const shown: string[] = [];
  const onInterrupt = (interrupt: { readonly context: string }): string => {
    shown.push(interrupt.context);
    return "approve";
  };
  const result = await bench({ model }).client.run(withText(spec, pointer, text), { onInterrupt });
  if (result.status === "failed")
    return `${result.error.code} ${(result.error as { details?: { name?: unknown } }).details?.name ?? result.error.message}`;
  if (result.status !== "completed") return result.status;
  return shown.some((context) => context.includes("could not be rendered")) ? "TEMPLATE_UNDEFINED" : "fine";
}

/** Every path that can be read of a name, as a template writes it. Of a node that asks, what it has at all times. */
function pathsOf(path: string, known: Known): readonly string[] {
  if (known === "anything") return [path];
  const parts = [...known.all].filter(([part]) => known.here?.(part) !== false);
  const isQuestion = known.all.has("iteration") && known.all.has("prompt");
  return parts
    .filter(([part]) => !isQuestion || ["response", "status", "iteration"].includes(part))
    .flatMap(([part, below]) => pathsOf(/^\d+$/.test(part) ? `${path}[${part}]` : `${path}['${part}']`, below));
}

/** Given only when a person has ended the loop. */
const onlyWhenStopped = ["early_termination", "termination_reason"];

describe.each(patterns)("what a pattern of type $type gives its templates", (pattern) => {
  const spec = specOf(pattern);
  const places = templatePlaces(spec).filter(
    ({ kind, pointer }) => ["template", "display"].includes(kind) && !pointer.startsWith("/agents"),
  );
  const universe = new Set([
    ...["steps", "tasks", "branches", "nodes", "router", "last_response", "hitl_response", "draft", "workers"],
    ...places.flatMap(({ given }) => Object.keys(given)),
  ]);

  it.each(places)("is there when a run gets to $pointer", async (place) => {
    const paths = Object.entries(place.given).flatMap(([name, known]) => pathsOf(name, known));
    const text = paths.filter((path) => !onlyWhenStopped.includes(path)).map((path) => `{{ ${path} }}`);
    expect(await verdictOn(spec, place, `x ${text.join(" ")}`)).toBe("fine");
  });

  it.each(places)("is all there is at $pointer", async (place) => {
    const others = [...universe].filter((name) => !Object.hasOwn(place.given, name));
    const hidden = Object.entries(place.given).flatMap(([name, known]) =>
      known === "anything" || known.here === undefined
        ? []
        : [...known.all.keys()].filter((part) => known.here?.(part) === false).map((part) => `${name}['${part}']`),
    );
    const numbered = hidden.map((path) => path.replace(/\['(\d+)'\]/, "[$1]"));
    for (const path of [...others, ...numbered]) {
      expect([path, await verdictOn(spec, place, `x {{ ${path} }}`)]).toEqual([
        path,
        expect.stringMatching(/^(TEMPLATE_UNDEFINED|ARTIFACT_TEMPLATE)/),
      ]);
    }
  });
});
