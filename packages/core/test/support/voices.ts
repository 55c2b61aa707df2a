import type { AnswerRequest } from "../../src/engine/answer.js";
import type { ModelChunk, ModelRequest } from "../../src/model/model.js";
import type { InterruptRecord } from "../../src/session/entry.js";
import type { Scenario } from "./random-workflows.js";

/** A number that follows from what it is given, spread over 32 bits. */
export function roll(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join("\0")) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** What the model says: the same to the same conversation at the same step, and JSON where it is asked for. */
export function saidByModel({ spec, seed }: Scenario, request: ModelRequest): readonly ModelChunk[] {
  const { stepKey } = request;
  // The whole conversation shapes the answer, so a wrongly restored one shows.
  const heard = roll(seed, request.agentId, stepKey, JSON.stringify(request.messages));
  // Now and then a first answer is no JSON, and it is asked for again.
  const readable = stepKey.includes("/clarified") || heard % 8 !== 0;
  const [role, number] = stepKey.split("/");
  if (role === "router") {
    const routes = spec.pattern.type === "routing" ? Object.keys(spec.pattern.config.routes) : [];
    const route = routes[heard % routes.length];
    return [readable || number === "2" ? JSON.stringify({ route }) : `Perhaps ${route}`];
  }
  if (role === "evaluation") {
    const score = (heard >>> 3) % 101;
    return [readable ? JSON.stringify({ score, issues: [`issue ${heard % 5}`], fixes: null }) : `About ${score}`];
  }
  if (role === "orchestrator") {
    const tasks = Array.from({ length: (heard >>> 3) % 5 }, (_, index) => ({ task: `part ${index} of ${heard % 97}` }));
    return [readable ? `Here:\n\`\`\`json\n${JSON.stringify(tasks)}\n\`\`\`` : "It depends."];
  }
  if (heard % 6 === 0) {
    return ["measure", "note"].slice(heard % 4 === 0 ? 0 : 1).map((name, index) => {
      return { type: "tool_call", call: { id: `c${index}`, name, input: { about: heard % 1000 } } };
    });
  }
  return [`${request.agentId}:`, heard.toString(16)];
}

/** What people answer: the same to the same question. */
export function saidByPeople({ spec, seed, people }: Scenario, question: InterruptRecord): AnswerRequest {
  const { id: interruptId, digest, stepKey, prompt, context, choices, pattern, revisable, expiresAt } = question;
  const mood = roll(seed, stepKey, prompt, context);
  const to = { interruptId, digest };
  if (expiresAt !== undefined) return { ...to, response: question.default ?? "" };
  if (people === "reject" && mood % 4 === 0) return { ...to, action: "reject", response: `no ${mood % 100}` };
  const revision = Number(/@(\d+)$/.exec(stepKey)?.[1] ?? 1);
  if (people === "feedback" && revisable === true && revision < 3 && mood % 2 === 0) {
    return { ...to, action: "modify", response: `better ${mood % 100}` };
  }
  return { ...to, response: plainAnswer() };

  function plainAnswer(): string {
    if (choices !== undefined) {
      // A route is chosen only when it can be: the review accepts any of the choices.
      return choices[(mood >>> 4) % choices.length] ?? "";
    }
    const { type } = spec.pattern;
    const variant = (mood >>> 4) % 4;
    if (stepKey.startsWith("decomposition/") && variant === 0) return '["one", {"task": "two"}]';
    if (stepKey.startsWith("reduce/review") && variant === 0) return "modify: shorter";
    if (type === "evaluator_optimizer" && variant === 0) return "stop";
    if (pattern === undefined && variant === 1) return "";
    return `answer ${mood % 1000}`;
  }
}
