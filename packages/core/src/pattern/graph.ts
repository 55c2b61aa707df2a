import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import { RunError, TemplateError } from "../error/errors.js";
import type { GraphProgram, ProgramNode, ProgramStep } from "../program/program.js";
import { keysOf, orderedRecord } from "../template/ordered-record.js";
import { hitlRequest } from "./hitl-request.js";
import { keyPart } from "./key-part.js";
import { revised, revisePrompt } from "./run-steps.js";
import { StepScope } from "./step-scope.js";

/** What templates and conditions see under `nodes.<id>`. */
export interface NodeRecord {
  readonly response: string | null;
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
  const walk: Walk = { nodes, scope, conditions, visited, steps: 0, tokens: 0, responses: [], before: undefined };
  let node = graph.nodes.get(graph.entry) as ProgramNode;
  for (;;) {
    const visit = (nodes[node.id]?.iteration ?? 0) + 1;
    if (visit > graph.maxVisits) throw tooManyVisits(node, graph.maxVisits);
    await visitNode(run, walk, node, visit);
    const next = nextNode(walk, node);
    if (next === undefined) return outcome(run, walk, node, await run.time("end"));
    run.emit("edge_taken", { from: node.id, to: next });
    node = graph.nodes.get(next) as ProgramNode;
  }
}

function notExecuted(step: ProgramStep): NodeRecord {
  const agent = step.type === "agent" ? step.agentId : null;
  return { response: null, agent, status: "not_executed", iteration: 0 };
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
  run.emit("node_start", { nodeId: id, agentId, visit });
  const prompt = (): string => (step.input.source === "" ? defaultPrompt(walk, node) : step.input.render(walk.scope));
  const answer = await run.agent(key, agentId, prompt);
  record(walk, node, agentId, visit, answer);
  walk.steps += 1;
  walk.before = { node, agentId };
  run.emit("node_complete", { nodeId: id, agentId, visit, response: answer.text });
}

function record(
  walk: Walk,
  { id }: ProgramNode,
  agentId: string,
  visit: number,
  answer: { readonly text: string; readonly tokensEstimated: number },
): void {
  walk.nodes[id] = { response: answer.text, agent: agentId, status: "success", iteration: visit };
  walk.tokens += answer.tokensEstimated;
  walk.responses.push(answer.text);
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
      walk.nodes[node.id] = { response, type: "hitl", prompt, status: "success", iteration: visit };
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
    throw error instanceof TemplateError ? error.inStep(`nodes/${keyPart(id)}/${nodes[id]?.iteration}`) : error;
  }
}

/** Nodes that a prompt names: thousands would make every prompt of a long graph longer than the one before. */
const mostNamed = 100;

function defaultPrompt({ nodes, visited }: Walk, { id }: ProgramNode): string {
  const known = visited.size > mostNamed ? [...visited] : keysOf(nodes);
  const done = known.filter((name) => nodes[name]?.status !== "not_executed");
  const names =
    done.length > mostNamed
      ? `${done.length}, the latest of them ${done.slice(-mostNamed).join(", ")}`
      : done.join(", ");
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
