import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import { RunError } from "../error/errors.js";
import { readJsonAnswer } from "../model/json-answer.js";
import type { RoutingProgram } from "../program/program.js";
import { approvals, reviewChoices, sameChoice } from "../spec/choices.js";
import type { JsonValue } from "../spec/json.js";
import { nearest } from "../spec/suggest.js";
import { hitlRequest } from "./hitl-request.js";
import { keyPart } from "./key-part.js";
import { revised, runSteps } from "./run-steps.js";
import { StepScope } from "./step-scope.js";
import { withData } from "./with-data.js";

/** What templates of the route see as `router`. */
interface Decision {
  readonly chosen_route: string;
  /** What the router said, as it said it. */
  readonly response: string;
  /** The same as data, when the router has an output schema. */
  readonly data: JsonValue;
}

/** A router chooses one of several chains; a person may confirm or change its choice. */
export async function runRouting(run: RunContext, routing: RoutingProgram): Promise<PatternOutcome> {
  const decision = await review(run, routing, await decide(run, routing));
  const route = decision.chosen_route;
  const { replaying: replayed } = run;
  run.emit("routing_decision", { agentId: routing.agentId, route, routes: [...routing.routes.keys()], replayed });
  const steps = routing.routes.get(route) ?? [];
  // The route's agents begin anew: they do not see what was said to the router.
  const [records = []] = await run.all([route], 1, (_, __, lane) =>
    runSteps(lane, `routes/${keyPart(route)}`, steps, { names: { router: decision } }),
  );
  const last = records.at(-1);
  return {
    lastResponse: last?.response ?? "",
    data: last?.data ?? null,
    agentId: last !== undefined && "agent" in last ? last.agent : "hitl",
    responses: [decision.response, ...records.flatMap((step) => ("agent" in step ? [step.response] : []))],
    context: { steps: records, chosen_route: route, router_agent: routing.agentId, router: decision },
  };
}

async function decide(run: RunContext, { agentId, input, attempts, routes }: RoutingProgram): Promise<Decision> {
  const names = [...routes.keys()];
  let told: string | undefined;
  const ask = (): string => {
    told ??= input.render(new StepScope(run.variables, {}));
    return told;
  };
  // Answers of earlier runs do not count: a session that failed here can be resumed.
  for (let attempt = 0, asked = 0; asked < attempts; attempt += 1) {
    const wanted = attempt === 0 ? instruction(names) : clarification(names);
    const prompt = (): string => (ask() === "" ? wanted : `${ask()}\n\n${wanted}`);
    const { text, data, replayed } = await run.agent(`router/${attempt}`, agentId, prompt);
    asked += replayed ? 0 : 1;
    const route = readJsonAnswer(text, routeOf);
    if (route === undefined) continue;
    if (routes.has(route)) return withData({ chosen_route: route, response: text }, data);
    if (replayed) continue;
    const near = nearest(route, names);
    throw new RunError(
      "RUN_STEP_FAILED",
      `The router chose the route \`${route.slice(0, 100)}\`, which does not exist`,
      {
        stepKey: "router",
        hint: `${near === undefined ? "" : `Did it mean \`${near}\`? `}The routes are: ${names.join(", ")}. Name them in the router's prompt.`,
      },
    );
  }
  throw new RunError("RUN_STEP_FAILED", `The router gave no readable decision in ${attempts} attempts`, {
    stepKey: "router",
    hint: 'Tell the router to answer with JSON such as {"route": "name"} only, or raise `router.max_retries`.',
  });
}

function routeOf(value: JsonValue): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { route } = value as { readonly route?: JsonValue };
  return typeof route === "string" ? route : undefined;
}

function instruction(routes: readonly string[]): string {
  return `Choose one of these routes: ${routes.join(", ")}.\nAnswer with one JSON object and nothing else: {"route": "<name of the route>"}`;
}

function clarification(routes: readonly string[]): string {
  return `Your last answer could not be read. Answer with the JSON object only, without any other text: {"route": "<one of: ${routes.join(", ")}>"}`;
}

/** Lets a person confirm the choice, or name another route. */
async function review(
  run: RunContext,
  { review: gate, routes }: RoutingProgram,
  decision: Decision,
): Promise<Decision> {
  if (gate === undefined) return decision;
  const scope = new StepScope(run.variables, { router: decision });
  const names = [...routes.keys()];
  const request = {
    ...hitlRequest(gate, run, scope),
    choices: reviewChoices(names),
  };
  // What is no choice can only come of a time-out; then the question is asked anew, and a person can still decide.
  for (let revision = 1; ; revision += 1) {
    const { response } = await run.interrupt(revised("router/review", revision), request);
    if (approvals.some((approval) => sameChoice(approval, response))) return decision;
    const route =
      names.find((name) => `route:${name}` === response.trim()) ??
      names.find((name) => sameChoice(`route:${name}`, response));
    if (route !== undefined) return withData({ ...decision, chosen_route: route }, decision.data);
  }
}
