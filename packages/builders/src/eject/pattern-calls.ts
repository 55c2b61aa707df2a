import type {
  EdgeSpec,
  GateSpec,
  GraphSpec,
  HitlFields,
  JsonObject,
  JsonValue,
  OrchestratorWorkersSpec,
  ParallelSpec,
  PatternSpec,
  RoutingSpec,
  StepSpec,
  TaskSpec,
  WorkflowSpec,
} from "@strands/core";
import type { Field } from "../field/field.js";
import { toOptions } from "../field/write-options.js";
import type { Call, Code } from "./code.js";
import { callback, literal, options } from "./code.js";

/** The call that builds a pattern. */
export function patternCall(pattern: PatternSpec): Call {
  switch (pattern.type) {
    case "chain":
      return ["chain", callback("chain", pattern.config.steps.map(stepCall))];
    case "workflow":
      return ["workflow", callback("workflow", taskCalls(pattern.config))];
    case "routing":
      return ["routing", callback("routing", routingCalls(pattern.config))];
    case "parallel":
      return ["parallel", callback("parallel", parallelCalls(pattern.config))];
    case "graph":
      return ["graph", callback("graph", graphCalls(pattern.config))];
    case "orchestrator_workers":
      return ["orchestratorWorkers", callback("work", orchestratorCalls(pattern.config))];
    case "evaluator_optimizer": {
      const { producer, evaluator, accept, revise_prompt: revise, review_gate: gate } = pattern.config;
      const { min_score: score, ...limits } = accept;
      const calls: Call[] = [
        ["producer", text(producer)],
        ["evaluator", text(evaluator.agent), text(evaluator.input)],
        ["accept", literal(score), rest(limits)],
        ...(revise === undefined ? [] : [["revisePrompt", text(revise)] as const]),
        ...(gate === undefined ? [] : [gateCall("reviewGate", gate)]),
      ];
      return ["evaluatorOptimizer", callback("loop", calls)];
    }
  }
}

function text(value: string | undefined): Code | undefined {
  return value === undefined ? undefined : literal(value);
}

/** All that a part of a pattern can have besides the arguments of its method; their keys are told apart by their names. */
const allFields: Field = {
  type: "shape",
  required: [],
  fields: {
    validation: { type: "shape", required: [], fields: {} },
    limits: { type: "shape", required: [], fields: {} },
  },
};

function rest(value: object): Code | undefined {
  return options(toOptions(allFields, value as JsonObject));
}

function stepCall(step: StepSpec): Call {
  if ("agent" in step) return agentCall("step", step);
  const { type, id, prompt, ...more } = step;
  if (type === "manual_gate" && id !== undefined) return ["manualGate", literal(id), literal(prompt), rest(more)];
  return gateCall("hitl", step);
}

function agentCall(method: string, { agent, input, ...more }: Extract<StepSpec, { agent: string }>): Call {
  return [method, literal(agent), text(input), rest(more)];
}

/** A pause under a method of its own; `hitl` is what the builders write by themselves. */
function gateCall(method: string, { type, prompt, ...more }: HitlFields | GateSpec): Call {
  return [method, literal(prompt), rest(type === "hitl" ? more : { type, ...more })];
}

/** A step that may be an agent's or a pause, with the method for each. */
function eitherCall(step: StepSpec | undefined, method: string, pauseMethod: string): readonly Call[] {
  if (step === undefined) return [];
  return ["agent" in step ? agentCall(method, step) : gateCall(pauseMethod, step)];
}

function taskCalls({ tasks }: WorkflowSpec): readonly Call[] {
  const done = new Set<string>();
  const ahead = new Set<string>();
  for (const { id, deps = [] } of tasks) {
    for (const dep of deps) if (!done.has(dep)) ahead.add(dep);
    done.add(id);
  }
  const forward: readonly Call[] = ahead.size === 0 ? [] : [["forward", ...Array.from(ahead, (id) => literal(id))]];
  return [...forward, ...tasks.map(taskCall)];
}

function taskCall(task: TaskSpec): Call {
  if ("agent" in task) {
    const { id, agent, input, ...more } = task;
    return ["task", literal(id), literal(agent), text(input), rest(more)];
  }
  const { id, ...pause } = task;
  const [method, ...args] = gateCall("hitlTask", pause);
  return [method, literal(id), ...args];
}

function routingCalls({ router, routes, route_order: order }: RoutingSpec): readonly Call[] {
  const { agent, input, review_router: review, ...more } = router;
  const names = inOrder(routes, order);
  return [
    ["router", literal(agent), text(input), rest(more)],
    ...eitherCall(review, "reviewRouter", "reviewRouter"),
    ...names.map((name): Call => ["route", literal(name), callback("steps", (routes[name]?.then ?? []).map(stepCall))]),
    ...orderCall("routeOrder", names, order),
  ];
}

function parallelCalls({ branches, reduce }: ParallelSpec): readonly Call[] {
  return [
    ...branches.map(({ id, steps }): Call => ["branch", literal(id), callback("steps", steps.map(stepCall))]),
    ...eitherCall(reduce, "reduce", "hitlReduce"),
  ];
}

function orchestratorCalls(config: OrchestratorWorkersSpec): readonly Call[] {
  const { orchestrator, worker_template: worker, decomposition_review: first, reduce_review: second } = config;
  const { agent, ...limits } = orchestrator;
  const { agent: workerAgent, ...tools } = worker;
  return [
    ["orchestrator", literal(agent), rest(limits)],
    ...(first === undefined ? [] : [gateCall("decompositionReview", first)]),
    ["workerTemplate", literal(workerAgent), rest(tools)],
    ...(second === undefined ? [] : [gateCall("reduceReview", second)]),
    ...eitherCall(config.reduce, "reduce", "hitlReduce"),
    ...eitherCall(config.writeup, "writeup", "hitlWriteup"),
  ];
}

function graphCalls({ nodes, edges, max_iterations: visits, node_order: order }: GraphSpec): readonly Call[] {
  const ids = inOrder(nodes, order);
  return [
    ...ids.flatMap((id): readonly Call[] => {
      const node = nodes[id];
      if (node === undefined) return [];
      const [method, ...args] = "agent" in node ? agentCall("node", node) : gateCall("hitlNode", node);
      return [[method, literal(id), ...args]];
    }),
    ...edges.map(edgeCall),
    ...(visits === undefined ? [] : [["maxIterations", literal(visits)] as const]),
    ...orderCall("nodeOrder", ids, order),
  ];
}

function edgeCall({ from, to, choose = [] }: EdgeSpec): Call {
  if (to === undefined) return ["choose", literal(from), literal(choose as unknown as JsonValue)];
  const [only] = to;
  return ["edge", literal(from), literal(to.length === 1 && only !== undefined ? only : to)];
}

function inOrder(map: object, order: readonly string[] = []): readonly string[] {
  return [...new Set([...order.filter((name) => Object.hasOwn(map, name)), ...Object.keys(map)])];
}

/** An order that differs from the one the builder says by itself, which it does where JavaScript does not keep it. */
function orderCall(method: string, names: readonly string[], order: readonly string[] | undefined): readonly Call[] {
  if (order === undefined) return [];
  const kept = Object.keys(Object.fromEntries(names.map((name) => [name, 0])));
  const isSaid = !sameNames(kept, names) && sameNames(order, names);
  return isSaid ? [] : [[method, ...order.map((name) => literal(name))]];
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index]);
}
