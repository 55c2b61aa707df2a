import type { AgentAnswer, PatternOutcome, RunContext } from "../engine/run-context.js";
import { RunError, TemplateError } from "../error/errors.js";
import type { GraphProgram, ProgramNode, ProgramStep } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { orderedRecord } from "../template/ordered-record.js";
import { hitlRequest } from "./hitl-request.js";
import { keyPart } from "./key-part.js";
import { revised, revisePrompt } from "./run-steps.js";
import { StepScope } from "./step-scope.js";
import { withData } from "./with-data.js";

/** What templates and conditions see under `nodes.<id>`. */
export interface NodeRecord {
  readonly response: string | null;
  /** The response as data, when the agent has an output schema. */
  readonly data: JsonValue;
  readonly status: "not_executed" | "success";
  /** Visits so far. */
  readonly iteration: number;
  readonly agent?: string | null;
  readonly type?: "hitl";
  readonly prompt?: string;
}

/** Where the walk through a graph stands. */
interface Walk {
  readonly nodes: Record<string, NodeRecord>;
  readonly scope: StepScope;
  /** What conditions see. */
  readonly conditions: StepScope;
  /** Ids in the order of their first visits. */
  readonly visited: Set<string>;
  /** Those of them that have run, in the same order. */
  readonly done: string[];
  /** Where a node stands in the workflow. */
  readonly places: ReadonlyMap<string, number>;
  /** Agent steps taken. */
  steps: number;
  tokens: number;
  readonly responses: string[];
  /** The agent step before, which a person may send back. */
  before: { readonly node: ProgramNode; readonly agentId: string } | undefined;
}

/** Nodes one after the other; conditions on what was said choose the next. */
export async function runGraph(run: RunContext, graph: GraphProgram): Promise<PatternOutcome> {
  const nodes = orderedRecord(Array.from(graph.nodes.values(), ({ id, step }) => [id, notExecuted(step)]));
  const scope = new StepScope(run.variables, { nodes, hitl_response: null });
  // As in the reference, conditions have no answer to look at before there is one: reading into it is false, not a fault.
  const conditions = new StepScope(run.variables, { nodes, hitl_response: undefined });
  const visited = new Set<string>();
  const places = new Map(Array.from(graph.nodes.keys(), (id, index) => [id, index]));
  const shared = { nodes, scope, conditions, visited, done: [], places };
  const walk: Walk = { ...shared, steps: 0, tokens: 0, responses: [], before: undefined };
  let node = graph.nodes.get(graph.entry) as ProgramNode;
  for (;;) {
    const visit = (nodes[node.id]?.iteration ?? 0) + 1;
    if (visit > graph.maxVisits) throw tooManyVisits(node, graph.maxVisits);
    await visitNode(run, walk, node, visit);
    const next = nextNode(walk, node);
    if (next === undefined) return outcome(run, walk, node, await run.time("end"));
    run.emit("edge_taken", { from: node.id, to: next, replayed: run.replaying });
    node = graph.nodes.get(next) as ProgramNode;
  }
}

function notExecuted(step: ProgramStep): NodeRecord {
  const agent = step.type === "agent" ? step.agentId : null;
  return withData({ response: null, agent, status: "not_executed", iteration: 0 }, null);
}

async function visitNode(run: RunContext, walk: Walk, node: ProgramNode, visit: number): Promise<void> {
  const { id, step } = node;
  walk.visited.add(id);
  const key = `nodes/${keyPart(id)}/${visit}`;
  if (step.type === "hitl") {
    await askPerson(run, walk, node, key, visit);
    return;
  }
  const { agentId } = step;
  run.emit("node_start", { nodeId: id, agentId, visit, replayed: run.hasBegun(key) });
  const prompt = (): string => (step.input.source === "" ? defaultPrompt(walk, node) : step.input.render(walk.scope));
  const answer = await run.agent(key, agentId, prompt);
  record(walk, node, agentId, visit, answer);
  walk.steps += 1;
  walk.before = { node, agentId };
  const { text: response, replayed } = answer;
  run.emit("node_complete", { nodeId: id, agentId, visit, response, replayed });
}

function record(walk: Walk, { id }: ProgramNode, agentId: string, visit: number, answer: AgentAnswer): void {
  const { text: response, data } = answer;
  keep(walk, id, withData({ response, agent: agentId, status: "success", iteration: visit }, data));
  walk.tokens += answer.tokensEstimated;
  walk.responses.push(answer.text);
}

function keep({ nodes, done }: Walk, id: string, result: NodeRecord): void {
  if (nodes[id]?.status === "not_executed") done.push(id);
  nodes[id] = result;
}

/** Asks until there is a plain answer: with feedback, the node before runs again and the question is asked anew. */
async function askPerson(run: RunContext, walk: Walk, node: ProgramNode, key: string, visit: number): Promise<void> {
  if (node.step.type !== "hitl") return;
  const { before } = walk;
  for (let revision = 1; ; revision += 1) {
    const request = { ...hitlRequest(node.step, run, walk.scope), revisable: before !== undefined };
    const { action, response } = await run.interrupt(revised(key, revision), request);
    if (action !== "modify" || before === undefined) {
      const { source: prompt } = node.step.prompt;
      keep(walk, node.id, withData({ response, type: "hitl", prompt, status: "success", iteration: visit }, null));
      walk.scope.set("hitl_response", response);
      walk.conditions.set("hitl_response", response);
      return;
    }
    const again = walk.nodes[before.node.id]?.iteration ?? 1;
    const answer = await run.agent(`${key}/before@${revision + 1}`, before.agentId, () => revisePrompt(response));
    record(walk, before.node, before.agentId, again, answer);
  }
}

/** The next node: the first whose condition holds. No edge, or none that holds, ends the walk. */
function nextNode({ nodes, conditions }: Walk, { id, choices }: ProgramNode): string | undefined {
  if (choices === undefined) return undefined;
  if (choices.length === 0) {
    throw new RunError("RUN_STEP_FAILED", `The edge from node \`${id}\` leads nowhere`, {
      stepKey: `nodes/${keyPart(id)}/${nodes[id]?.iteration}`,
      hint: "Give the edge a target, or take it out to end the workflow here.",
    });
  }
  try {
    return choices.find(({ when }) => when.holds(conditions))?.to;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw error.inStep(`nodes/${keyPart(id)}/${nodes[id]?.iteration}`, "condition after");
  }
}

/** Nodes that a prompt names: thousands would make every prompt of a long graph longer than the one before. */
const mostNamed = 100;

function defaultPrompt({ done, visited, places }: Walk, { id }: ProgramNode): string {
  const place = (name: string): number => places.get(name) ?? 0;
  const latest = done.slice(-mostNamed);
  const inOrder = visited.size > mostNamed ? latest : latest.sort((a, b) => place(a) - place(b));
  const names = `${done.length > mostNamed ? `${done.length}, the latest of them ` : ""}${inOrder.join(", ")}`;
  const before = done.length === 0 ? "" : ` These nodes have run: ${names}.`;
  return `Do the task of the node \`${id}\`.${before}`;
}

function tooManyVisits({ id }: ProgramNode, limit: number): RunError {
  return new RunError("RUN_LOOP_LIMIT", `The node \`${id}\` was visited ${limit} times and would be visited again`, {
    stepKey: `nodes/${keyPart(id)}/${limit}`,
    hint: "Raise `max_iterations`, or add an edge that leaves the loop.",
    details: { setting: "max_iterations" },
  });
}

function outcome(run: RunContext, walk: Walk, { id, step }: ProgramNode, timestamp: string): PatternOutcome {
  const { nodes, visited, steps, tokens, responses } = walk;
  const visits = orderedRecord(Array.from(visited, (name) => [name, nodes[name]?.iteration ?? 0]));
  return {
    lastResponse: nodes[id]?.response ?? "",
    data: nodes[id]?.data ?? null,
    agentId: step.type === "agent" ? step.agentId : "",
    responses,
    context: {
      nodes,
      terminal_node: id,
      total_steps: steps,
      iteration_counts: visits,
      cumulative_tokens: tokens,
      name: run.program.name,
      timestamp,
    },
  };
}
