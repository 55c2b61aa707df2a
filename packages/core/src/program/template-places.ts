import { toPointer } from "../spec/check-pointer.js";
import type { GateSpec, HitlFields, NodeSpec, Spec, StepSpec, TaskSpec } from "../spec/spec.js";
import type { Given } from "./given-names.js";
import * as names from "./given-names.js";

/** A place of the spec that holds a template, a condition or a regular expression. */
export interface TemplatePlace {
  /** JSON pointer of the text. */
  readonly pointer: string;
  readonly source: string;
  /**
   * `text` is sent as written when it does not parse or uses names that are not there; `lenient` when it does not parse, for
   * files with such a text run today as long as it is not needed. A `display` that fails is shown as the reason.
   */
  readonly kind: "template" | "condition" | "text" | "lenient" | "display" | "regex";
  /** What the pattern gives it besides inputs and variables. */
  readonly given: Given;
  /** For the prompt of a question: the question. */
  readonly pause?: HitlFields | GateSpec;
}

/** Lists every template, condition and regular expression of a spec, in file order. */
export function templatePlaces(spec: Spec): readonly TemplatePlace[] {
  const places: TemplatePlace[] = [];
  const add = (
    pointer: string,
    source: string | undefined,
    given: Given,
    kind: TemplatePlace["kind"] = "template",
  ): void => {
    if (source !== undefined) places.push({ pointer, source, kind, given });
  };
  const addStep = (
    pointer: string,
    step: StepSpec | TaskSpec | NodeSpec | HitlFields | GateSpec | undefined,
    given: Given,
  ): void => {
    if (step === undefined) return;
    if ("agent" in step) {
      add(
        `${pointer}/input`,
        step.input,
        "vars" in step ? { ...given, ...names.anything(...Object.keys(step.vars ?? {})) } : given,
      );
      return;
    }
    places.push({ pointer: `${pointer}/prompt`, source: step.prompt, kind: "text", given: {}, pause: step });
    add(`${pointer}/context_display`, step.context_display, given, "display");
    if ("validation" in step) add(`${pointer}/validation/pattern`, step.validation?.pattern, {}, "regex");
  };
  const addSteps = (pointer: string, steps: readonly StepSpec[] = [], more: Given = {}, last = false): void => {
    names.inSteps(steps, more, last).forEach((given, index) => {
      addStep(`${pointer}/${index}`, steps[index], given);
    });
  };

  const { pattern } = spec;
  for (const [id, agent] of Object.entries(spec.agents)) {
    // The producer's prompt is also the first thing it is told, and then it is a template like others.
    const isTemplate = pattern.type === "evaluator_optimizer" && pattern.config.producer === id;
    add(`${toPointer(["agents", id])}/prompt`, agent.prompt, {}, isTemplate ? "template" : "text");
  }
  const at = "/pattern/config";
  switch (pattern.type) {
    case "chain":
      addSteps(`${at}/steps`, pattern.config.steps);
      break;
    case "workflow": {
      const given = names.inTasks(pattern.config.tasks);
      pattern.config.tasks.forEach((task, index) => {
        addStep(`${at}/tasks/${index}`, task, given(task));
      });
      break;
    }
    case "routing":
      add(`${at}/router/input`, pattern.config.router.input, {});
      addStep(`${at}/router/review_router`, pattern.config.router.review_router, names.router);
      for (const [name, route] of Object.entries(pattern.config.routes)) {
        addSteps(`${at}${toPointer(["routes", name])}/then`, route.then, names.router);
      }
      break;
    case "parallel":
      pattern.config.branches.forEach((branch, index) => {
        addSteps(`${at}/branches/${index}/steps`, branch.steps, {}, true);
      });
      addStep(`${at}/reduce`, pattern.config.reduce, names.inReduce(pattern.config));
      break;
    case "evaluator_optimizer":
      add(`${at}/evaluator/input`, pattern.config.evaluator.input, names.draft);
      add(`${at}/revise_prompt`, pattern.config.revise_prompt, names.revision, "lenient");
      addStep(`${at}/review_gate`, pattern.config.review_gate, names.draftReview);
      break;
    case "orchestrator_workers": {
      const { config } = pattern;
      addStep(`${at}/decomposition_review`, config.decomposition_review, names.decomposition);
      addStep(`${at}/reduce_review`, config.reduce_review, names.inReduceReview(config));
      addStep(`${at}/reduce`, config.reduce, names.inFinalStep(config, "reduce"));
      addStep(`${at}/writeup`, config.writeup, names.inFinalStep(config, "writeup"));
      break;
    }
    case "graph": {
      const given = names.inGraph(pattern.config);
      for (const [id, node] of Object.entries(pattern.config.nodes)) {
        addStep(`${at}${toPointer(["nodes", id])}`, node, given);
      }
      pattern.config.edges.forEach((edge, index) => {
        edge.choose?.forEach((choice, which) => {
          add(`${at}/edges/${index}/choose/${which}/when`, choice.when, given, "condition");
        });
      });
      break;
    }
  }
  const given = names.inArtifacts(spec);
  spec.outputs?.artifacts?.forEach((artifact, index) => {
    add(`/outputs/artifacts/${index}/path`, artifact.path, given);
    add(`/outputs/artifacts/${index}/from`, artifact.from, given);
  });
  return places;
}
