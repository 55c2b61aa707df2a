import type { PatternOutcome, RunContext } from "../engine/run-context.js";
import { InternalError, RunError } from "../error/errors.js";
import type { EvaluatorOptimizerProgram, ProgramHitlStep } from "../program/program.js";
import type { JsonValue } from "../spec/json.js";
import { resolveVariables } from "../spec/variables.js";
import type { Evaluation } from "./evaluation.js";
import { clarifyEvaluation, evaluatePrompt, readEvaluation, revisionPrompt } from "./evaluation.js";
import { hitlRequest } from "./hitl-request.js";
import { StepScope } from "./step-scope.js";

/** What templates see of an evaluation. */
export interface IterationRecord extends Evaluation {
  /** 2 for the first: 1 is the making of the draft. */
  readonly iteration: number;
  readonly draft_preview: string;
  readonly draft: string;
  readonly evaluation: Evaluation & { readonly feedback: string };
}

/** What the loop has come to. */
interface Progress {
  draft: string;
  data: JsonValue;
  tokens: number;
  readonly history: IterationRecord[];
  readonly responses: string[];
}

/** A producer writes a draft and revises it until an evaluator's score is high enough. */
export async function runEvaluatorOptimizer(
  run: RunContext,
  program: EvaluatorOptimizerProgram,
): Promise<PatternOutcome> {
  const { producerId, minScore, maxEvaluations } = program;
  const producer = run.program.agents.get(producerId);
  if (producer === undefined) throw new InternalError(`The program has no agent \`${producerId}\``);
  const progress: Progress = { draft: "", data: null, tokens: 0, history: [], responses: [] };
  await produce(run, program, progress, "draft/1", () => producer.prompt.render(run.variables));

  for (let iteration = 2; ; iteration += 1) {
    const replayed = run.hasBegun(`evaluation/${iteration}`);
    run.emit("iteration_start", { iteration, evaluatorId: program.evaluatorId, producerId, replayed });
    const evaluation = await evaluate(run, program, progress, iteration);
    const accepted = evaluation.score >= minScore;
    run.emit("iteration_complete", { iteration, score: evaluation.score, accepted, replayed: run.replaying });
    if (accepted) return outcome(program, progress, {});
    if (iteration > maxEvaluations) throw exhausted(program, progress);
    const feedback = await reviewDraft(run, program.gate, progress, iteration);
    if (feedback === stopped) {
      return outcome(program, progress, { early_termination: true, termination_reason: "review_gate" });
    }
    const prompt = (): string => {
      const { draft } = progress;
      const names = { draft, iteration, evaluation };
      const text = program.revise?.renderOrSource(scopeOf(run, names)) ?? revisionPrompt(draft, evaluation);
      return feedback === undefined ? text : `${text}\n\nFeedback of a reviewer:\n${feedback}`;
    };
    await produce(run, program, progress, `draft/${iteration}`, prompt);
  }
}

async function produce(
  run: RunContext,
  { producerId }: EvaluatorOptimizerProgram,
  progress: Progress,
  key: string,
  prompt: () => string,
): Promise<void> {
  const { text, data, tokensEstimated } = await run.agent(key, producerId, prompt);
  progress.draft = text;
  progress.data = data;
  progress.tokens += tokensEstimated;
  progress.responses.push(text);
}

async function evaluate(
  run: RunContext,
  { evaluatorId, input }: EvaluatorOptimizerProgram,
  progress: Progress,
  iteration: number,
): Promise<Evaluation> {
  const { draft, history } = progress;
  const key = `evaluation/${iteration}`;
  const first = (): string => (input === undefined ? evaluatePrompt(draft) : input.render(scopeOf(run, { draft })));
  // Answers of earlier runs do not count: a session that failed here can be resumed.
  for (let attempt = 0, asked = 0; asked < 2; attempt += 1) {
    const place = attempt === 0 ? key : clarifiedKey(key, attempt);
    const prompt = attempt === 0 ? first : () => clarifyEvaluation(draft);
    const { text, tokensEstimated, replayed } = await run.agent(place, evaluatorId, prompt);
    asked += replayed ? 0 : 1;
    progress.tokens += tokensEstimated;
    progress.responses.push(text);
    const evaluation = readEvaluation(text);
    if (evaluation === undefined) continue;
    const feedback = evaluation.issues.join("; ");
    const preview = Array.from(draft.slice(0, 200)).slice(0, 100).join("");
    history.push({ iteration, ...evaluation, draft_preview: preview, draft, evaluation: { ...evaluation, feedback } });
    return evaluation;
  }
  throw new RunError(
    "RUN_STEP_FAILED",
    `The evaluator \`${evaluatorId}\` gave no readable evaluation, also when asked again`,
    {
      stepKey: key,
      hint: 'Tell it to answer with JSON such as {"score": 80, "issues": [], "fixes": []} only.',
    },
  );
}

function clarifiedKey(key: string, attempt: number): string {
  return attempt === 1 ? `${key}/clarified` : `${key}/clarified/${attempt}`;
}

/**
 * The names of the loop over the values of the file. What the caller gave wins over both, but not over `evaluation` and the
 * like: templates read into those.
 */
function scopeOf(run: RunContext, names: Readonly<Record<string, unknown>>): StepScope {
  const values = resolveVariables(run.program.spec);
  const unclaimed = Object.entries(names).filter(
    ([name, value]) => typeof value === "object" || run.variables[name] === values[name],
  );
  return new StepScope(run.variables, Object.fromEntries(unclaimed));
}

const stopped = Symbol("stopped");

/** Lets a person look at a draft that is to be revised: gives feedback for the revision, if there is any. */
async function reviewDraft(
  run: RunContext,
  gate: ProgramHitlStep | undefined,
  { draft, history }: Progress,
  iteration: number,
): Promise<string | undefined | typeof stopped> {
  if (gate === undefined) return undefined;
  const latest = history.at(-1);
  const scope = scopeOf(run, {
    iteration_index: history.length - 1,
    iterations: history,
    current_draft: draft,
    current_evaluation: { score: latest?.score, issues: latest?.issues, fixes: latest?.fixes },
  });
  const answer = await run.interrupt(`review/${iteration}`, {
    ...hitlRequest(gate, run, scope),
    revisable: true,
    accepts: "`stop` to end with this draft, anything else to go on; as `modify` it is feedback for the revision",
  });
  if (answer.action === "modify") return answer.response;
  return ["stop", "abort", "end"].includes(answer.response.trim().toLowerCase()) ? stopped : undefined;
}

function outcome(
  { producerId, minScore, maxEvaluations }: EvaluatorOptimizerProgram,
  { draft, data, tokens, history, responses }: Progress,
  more: Readonly<Record<string, unknown>>,
): PatternOutcome {
  const last = history.at(-1);
  const context = {
    iterations: history.length,
    final_score: last?.score ?? 0,
    min_score: minScore,
    max_iters: maxEvaluations,
    history,
    cumulative_tokens: tokens,
    last_evaluation: { score: last?.score, issues: last?.issues, fixes: last?.fixes },
    ...more,
  };
  return { lastResponse: draft, data, agentId: producerId, responses, context };
}

function exhausted({ minScore, maxEvaluations }: EvaluatorOptimizerProgram, { history }: Progress): RunError {
  const best = history.reduce((a, b) => (b.score > a.score ? b : a));
  // The first evaluation has the number 2, and is of the draft with the number 1.
  const bestStep = `draft/${best.iteration - 1}`;
  return new RunError(
    "RUN_LOOP_LIMIT",
    `No draft reached the score ${minScore} in ${maxEvaluations} evaluations; the best had ${best.score}`,
    {
      stepKey: `evaluation/${history.at(-1)?.iteration}`,
      hint: `Lower \`accept.min_score\` or raise \`accept.max_iters\`. The best draft is the answer of the step \`${bestStep}\`.`,
      details: {
        setting: "accept.max_iters",
        bestStep,
        bestDraft: best.draft,
        bestScore: best.score,
        history: history.map(({ iteration, score, issues, fixes }) => ({ iteration, score, issues, fixes })),
      },
    },
  );
}
