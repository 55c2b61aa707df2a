import { toPointer } from "../spec/check-pointer.js";
import type { GateSpec, HitlFields, NodeSpec, Spec, StepSpec, TaskSpec } from "../spec/spec.js";

/** A place of the spec that holds a template, a condition or a regular expression. */
export interface TemplatePlace {
  /** JSON pointer of the text. */
  readonly pointer: string;
  readonly source: string;
  /**
   * `text` is sent as written when it does not parse or uses names that are not there; `lenient` when it does not parse, for
   * files with such a text run today as long as it is not needed.
   */
  readonly kind: "template" | "condition" | "text" | "lenient" | "regex";
}

/** Lists every template, condition and regular expression of a spec, in file order. */
export function templatePlaces(spec: Spec): readonly TemplatePlace[] {
  const places: TemplatePlace[] = [];
  const add = (pointer: string, source: string | undefined, kind: TemplatePlace["kind"] = "template"): void => {
    if (source !== undefined) places.push({ pointer, source, kind });
  };
  const addHitl = (pointer: string, hitl: HitlFields | GateSpec): void => {
    add(`${pointer}/prompt`, hitl.prompt, "text");
    add(`${pointer}/context_display`, hitl.context_display);
    if ("validation" in hitl) add(`${pointer}/validation/pattern`, hitl.validation?.pattern, "regex");
  };
  const addStep = (pointer: string, step: StepSpec | TaskSpec | NodeSpec | undefined): void => {
    if (step === undefined) return;
    if ("agent" in step) add(`${pointer}/input`, step.input);
    else addHitl(pointer, step);
  };
  const addSteps = (pointer: string, steps: readonly StepSpec[] | undefined): void => {
    steps?.forEach((step, index) => {
      addStep(`${pointer}/${index}`, step);
    });
  };
  const addGate = (pointer: string, gate: GateSpec | undefined): void => {
    if (gate !== undefined) addHitl(pointer, gate);
  };

  for (const [id, agent] of Object.entries(spec.agents))
    add(`${toPointer(["agents", id])}/prompt`, agent.prompt, "text");
  const at = "/pattern/config";
  const { pattern } = spec;
  switch (pattern.type) {
    case "chain":
      addSteps(`${at}/steps`, pattern.config.steps);
      break;
    case "workflow":
      pattern.config.tasks.forEach((task, index) => {
        addStep(`${at}/tasks/${index}`, task);
      });
      break;
    case "routing":
      add(`${at}/router/input`, pattern.config.router.input);
      addStep(`${at}/router/review_router`, pattern.config.router.review_router);
      for (const [name, route] of Object.entries(pattern.config.routes)) {
        addSteps(`${at}${toPointer(["routes", name])}/then`, route.then);
      }
      break;
    case "parallel":
      pattern.config.branches.forEach((branch, index) => {
        addSteps(`${at}/branches/${index}/steps`, branch.steps);
      });
      addStep(`${at}/reduce`, pattern.config.reduce);
      break;
    case "evaluator_optimizer":
      add(`${at}/evaluator/input`, pattern.config.evaluator.input);
      add(`${at}/revise_prompt`, pattern.config.revise_prompt, "lenient");
      addGate(`${at}/review_gate`, pattern.config.review_gate);
      break;
    case "orchestrator_workers":
      addGate(`${at}/decomposition_review`, pattern.config.decomposition_review);
      addGate(`${at}/reduce_review`, pattern.config.reduce_review);
      addStep(`${at}/reduce`, pattern.config.reduce);
      addStep(`${at}/writeup`, pattern.config.writeup);
      break;
    case "graph":
      for (const [id, node] of Object.entries(pattern.config.nodes)) addStep(`${at}${toPointer(["nodes", id])}`, node);
      pattern.config.edges.forEach((edge, index) => {
        edge.choose?.forEach((choice, which) => {
          add(`${at}/edges/${index}/choose/${which}/when`, choice.when, "condition");
        });
      });
      break;
  }
  spec.outputs?.artifacts?.forEach((artifact, index) => {
    add(`/outputs/artifacts/${index}/path`, artifact.path);
    add(`/outputs/artifacts/${index}/from`, artifact.from);
  });
  return places;
}
