import fc from "fast-check";
import type { GateSpec, HitlStepSpec, PatternSpec, PatternType, Spec, StepSpec } from "../../src/spec/spec.js";

/** A workflow made at random. Whatever is said in it is a function of the seed and of where it is said. */
export interface Scenario {
  readonly spec: Spec;
  readonly seed: number;
  /** How people answer: plainly, now and then with feedback, or now and then with a no that ends the run. */
  readonly people: "plain" | "feedback" | "reject";
}

const agentIds = ["ann", "ben", "cy"] as const;
const agent = fc.constantFrom(...agentIds);
const place = fc.nat(20);
const pause = { type: "hitl" as const };
/** A time-out, with the answer that everybody gives: whether it is a person's or the time-out's must not matter. */
const timeOut = fc.option(
  fc.record({ timeout_seconds: fc.integer({ min: 1, max: 4 }), default: fc.constantFrom("in time", "default") }),
  { nil: undefined },
);

/** A step of a list, before it knows what stands before it. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ agent, reads: place, withVars: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ shows: place, timeOut }) },
);
type RandomStep = typeof step extends fc.Arbitrary<infer S> ? S : never;

function stepsOf(steps: readonly RandomStep[], firstReads: string): readonly StepSpec[] {
  return steps.map((given, index): StepSpec => {
    const earlier = (at: number): string => (index === 0 ? firstReads : `{{ steps[${at % index}].response }}`);
    if ("shows" in given)
      return { ...pause, ...given.timeOut, prompt: `Question ${index}`, context_display: earlier(given.shows) };
    const answered = steps.slice(0, index).some((before) => "shows" in before) ? " / {{ hitl_response }}" : "";
    const input = `${index}: ${earlier(given.reads)}${answered}`;
    return given.withVars
      ? { agent: given.agent, input: `${input} {{ extra }}`, vars: { extra: index } }
      : { agent: given.agent, input };
  });
}

const list = (maxLength: number) => fc.array(step, { minLength: 1, maxLength });

/** A step that makes one result of many. */
const finalStep = (shows: string): fc.Arbitrary<StepSpec> =>
  fc.oneof(
    { weight: 2, arbitrary: agent.map((id) => ({ agent: id, input: `Sum up ${shows}` })) },
    { weight: 1, arbitrary: fc.constant({ ...pause, prompt: "What is the sum?", context_display: shows }) },
  );

const gate = (shows: string): fc.Arbitrary<(GateSpec & HitlStepSpec) | undefined> =>
  fc.option(fc.constant({ ...pause, prompt: "Is this right?", context_display: shows }), { nil: undefined });

const chain: fc.Arbitrary<PatternSpec> = list(9).map((steps) => ({
  type: "chain",
  config: { steps: stepsOf(steps, "{{ topic }}") },
}));

const task = fc.record({
  agent: fc.option(agent, { freq: 3 }),
  timeOut,
  deps: fc.uniqueArray(place, { maxLength: 3 }),
});

const workflow: fc.Arbitrary<PatternSpec> = fc.array(task, { minLength: 1, maxLength: 8 }).map((tasks) => ({
  type: "workflow",
  config: {
    tasks: tasks.map(({ agent: worker, deps: places, timeOut: ends }, index) => {
      const deps = index === 0 ? [] : [...new Set(places.map((at) => `t${at % index}`))];
      const reads = ["{{ topic }}", ...deps.map((id) => `{{ tasks.${id}.response }}`)].join(" / ");
      const asks = deps.some((id) => tasks[Number(id.slice(1))]?.agent === null);
      if (worker === null)
        return { ...pause, ...ends, id: `t${index}`, deps, prompt: `Question ${index}`, context_display: reads };
      return { id: `t${index}`, deps, agent: worker, input: asks ? `${reads} {{ hitl_response }}` : reads };
    }),
  },
}));

/** Names that must be escaped in keys. */
const routeNames = ["plain", "a/b@2", "50% off"];

const routing: fc.Arbitrary<PatternSpec> = fc
  .record({
    router: agent,
    review: gate("{{ router.chosen_route }}"),
    routes: fc.array(list(4), { minLength: 1, maxLength: 3 }),
  })
  .map(({ router, review, routes }) => ({
    type: "routing",
    config: {
      router: { agent: router, input: "Where to with {{ topic }}?", ...(review && { review_router: review }) },
      routes: Object.fromEntries(
        // biome-ignore lint/suspicious/noThenProperty: a key of the format
        routes.map((steps, index) => [routeNames[index], { then: stepsOf(steps, "{{ router.response }}") }]),
      ),
    },
  }));

const parallel: fc.Arbitrary<PatternSpec> = fc
  .record({
    branches: fc.array(list(4), { minLength: 2, maxLength: 4 }),
    reduce: fc.option(finalStep("{% for id in branches %}{{ branches[id].response }} {% endfor %}"), {
      nil: undefined,
    }),
  })
  .map(({ branches, reduce }) => ({
    type: "parallel",
    config: {
      branches: branches.map((steps, index) => ({ id: `b${index}`, steps: stepsOf(steps, "{{ topic }}") })),
      ...(reduce && { reduce }),
    },
  }));

const evaluatorOptimizer: fc.Arbitrary<PatternSpec> = fc
  .record({
    producer: agent,
    evaluator: agent,
    ownPrompts: fc.boolean(),
    min_score: fc.constantFrom(0, 50, 80),
    max_iters: fc.integer({ min: 1, max: 4 }),
    review: gate("{{ current_draft }} {{ iterations | length }} {{ current_evaluation.score }}"),
  })
  .map(({ producer, evaluator, ownPrompts, min_score, max_iters, review }) => ({
    type: "evaluator_optimizer",
    config: {
      producer,
      evaluator: { agent: evaluator, ...(ownPrompts && { input: "Judge {{ draft }} on {{ topic }}" }) },
      accept: { min_score, max_iters },
      ...(ownPrompts && { revise_prompt: "{{ iteration }}: {{ draft }} had {{ evaluation.score }}" }),
      ...(review && { review_gate: review }),
    },
  }));

const orchestratorWorkers: fc.Arbitrary<PatternSpec> = fc
  .record({
    orchestrator: agent,
    worker: agent,
    max_workers: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    max_rounds: fc.integer({ min: 1, max: 3 }),
    decomposition: gate("{{ task_count }}: {{ orchestrator_response }}"),
    results: gate("{{ worker_count }}: {% for w in workers %}{{ w.response }} {% endfor %}"),
    reduce: fc.option(finalStep("{% for w in workers %}{{ w.response }} {% endfor %}"), { nil: undefined }),
    writeup: fc.option(finalStep("{{ last_response }}"), { nil: undefined }),
  })
  .map(({ orchestrator, worker, max_workers, max_rounds, decomposition, results, reduce, writeup }) => ({
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: orchestrator, limits: { max_rounds, ...(max_workers && { max_workers }) } },
      worker_template: { agent: worker },
      ...(decomposition && { decomposition_review: decomposition }),
      ...(results && { reduce_review: results }),
      ...(reduce && { reduce }),
      ...(writeup && { writeup }),
    },
  }));

const node = fc.record({
  agent: fc.option(agent, { freq: 3 }),
  reads: place,
  /** Where to go back to, how often at most, and whether what was said decides. */
  back: fc.option(fc.record({ to: place, visits: fc.integer({ min: 2, max: 4 }), decides: fc.boolean() }), {
    nil: undefined,
  }),
});

const graph: fc.Arbitrary<PatternSpec> = fc
  .record({ nodes: fc.array(node, { minLength: 2, maxLength: 6 }), mayEndEarly: fc.boolean() })
  .map(({ nodes, mayEndEarly }) => ({
    type: "graph",
    config: {
      nodes: Object.fromEntries(
        nodes.map(({ agent: worker, reads }, index) => {
          const shown = `{{ topic }} {{ nodes.n${reads % nodes.length}.response }} {{ hitl_response }}`;
          if (worker === null) return [`n${index}`, { ...pause, prompt: `Question ${index}`, context_display: shown }];
          return [`n${index}`, reads % 3 === 0 ? { agent: worker } : { agent: worker, input: shown }];
        }),
      ),
      edges: nodes.slice(0, -1).map(({ back }, index) => {
        const [from, next] = [`n${index}`, `n${index + 1}`];
        const last = index === nodes.length - 2;
        if (back === undefined && !(last && mayEndEarly)) return { from, to: [next] };
        const said = `'1' in nodes.${from}.response`;
        const loop = back && {
          when: `nodes.${from}.iteration < ${back.visits}${back.decides ? ` and ${said}` : ""}`,
          to: `n${back.to % (index + 1)}`,
        };
        return { from, choose: [...(loop ? [loop] : []), { when: last && mayEndEarly ? said : "else", to: next }] };
      }),
    },
  }));

export const patterns: Readonly<Record<PatternType, fc.Arbitrary<PatternSpec>>> = {
  chain,
  workflow,
  routing,
  parallel,
  evaluator_optimizer: evaluatorOptimizer,
  orchestrator_workers: orchestratorWorkers,
  graph,
};

/** A template of everything a pattern leaves to its artifacts. */
const summaries: Readonly<Record<PatternType, string>> = {
  chain: "{% for s in steps %}{{ s.response }}\n{% endfor %}",
  workflow: "{% for id in tasks %}{{ id }}: {{ tasks[id].response }}\n{% endfor %}",
  routing: "{{ chosen_route }}: {% for s in steps %}{{ s.response }}\n{% endfor %}",
  parallel: "{% for id in branches %}{{ id }}: {{ branches[id].response }}\n{% endfor %}",
  evaluator_optimizer: "{{ iterations }} {{ final_score }} {% for h in history %}{{ h.draft }}\n{% endfor %}",
  orchestrator_workers: "{{ round_count }} {% for w in workers %}{{ w.task }}: {{ w.response }}\n{% endfor %}",
  graph: "{{ terminal_node }} {{ total_steps }} {% for id in nodes %}{{ nodes[id].response }}\n{% endfor %}",
};

/** Random workflows of one pattern. */
export function scenario(type: PatternType): fc.Arbitrary<Scenario> {
  return fc
    .record({
      pattern: patterns[type],
      seed: fc.nat(),
      people: fc.constantFrom("plain", "feedback", "feedback", "reject"),
      maxParallel: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    })
    .map(({ pattern, seed, people, maxParallel }) => ({ spec: specOf(pattern, maxParallel), seed, people }));
}

/** A workflow around a pattern, with files at its end. */
export function specOf(pattern: PatternSpec, maxParallel?: number): Spec {
  return {
    version: 0,
    name: `random-${pattern.type}`,
    runtime: { provider: "test", ...(maxParallel !== undefined && { max_parallel: maxParallel }) },
    inputs: { values: { topic: "rivers" } },
    agents: Object.fromEntries(agentIds.map((id) => [id, { prompt: `You are ${id}.` }])),
    pattern,
    outputs: {
      artifacts: [
        { path: "all.md", from: summaries[pattern.type] },
        { path: "b/last.txt", from: "{{ last_response }}" },
      ],
    },
  };
}
