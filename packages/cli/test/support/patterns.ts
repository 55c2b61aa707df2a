const head = (name: string): string => `version: 1
name: ${name}
description: One of each.
runtime:
  provider: offline
  failure_policy:
    retries: 1
agents:
  a:
    prompt: You are first.
  b:
    prompt: You are second.
    tools: [search]
tools:
  http_executors:
    - id: search
      base_url: https://api.example.com
inputs:
  required:
    topic: string
  optional:
    tone:
      type: string
      default: friendly
    unused: integer
outputs:
  artifacts:
    - path: out.md
      from: "{{ last_response }} {{ who }}"
pattern:
`;

/** A workflow of each pattern, with people, variables and a name that is wrong. */
export const patterns: Readonly<Record<string, string>> = {
  chain: `${head("chain")}  type: chain
  config:
    steps:
      - agent: a
        input: "On {{ topic }}, {{ tone }}: {{ steps[3].response }}"
      - type: hitl
        prompt: Fine?
        default: approved
        timeout_minutes: 90
      - agent: b
        input: "{{ hitl_response }} {{ topc }}"
`,
  workflow: `${head("workflow")}  type: workflow
  config:
    tasks:
      - { id: end, agent: b, deps: [left, ask], input: "{{ tasks.left.response }} {{ tasks.lost }}" }
      - { id: left, agent: a, input: "{{ topic }}" }
      - { id: right, agent: a, deps: [left], input: "{{ tasks.left.response }}" }
      - { id: ask, type: hitl, deps: [left, right], prompt: Go on? }
`,
  routing: `${head("routing")}  type: routing
  config:
    router:
      agent: a
      input: "{{ topic }}"
      max_retries: 1
      review_router: { type: hitl, prompt: "Right route?" }
    routes:
      long:
        then:
          - { agent: a, input: "{{ router.chosen_route }}" }
          - { type: hitl, prompt: "Long enough?" }
          - { agent: b, input: "{{ steps[0].response }}" }
      short:
        then:
          - { agent: b, input: "{{ router.rout }}" }
`,
  parallel: `${head("parallel")}  type: parallel
  config:
    branches:
      - id: north
        steps:
          - { agent: a, input: "{{ topic }}" }
          - { type: hitl, prompt: "North?" }
          - { agent: b, input: "{{ last_response }}" }
      - id: south
        steps:
          - { agent: a, input: "{{ last_response }}" }
    reduce: { agent: b, input: "{{ branches.north.response }}" }
`,
  evaluator_optimizer: `${head("evaluator")}  type: evaluator_optimizer
  config:
    producer: a
    evaluator: { agent: b, input: "{{ draft }} {{ topic }}" }
    accept: { min_score: 80, max_iters: 4 }
    revise_prompt: "{{ evaluation.issues }} {{ evaluation.grade }}"
    review_gate: { type: hitl, prompt: "Go on?" }
`,
  orchestrator_workers: `${head("orchestrator")}  type: orchestrator_workers
  config:
    orchestrator: { agent: a, limits: { max_workers: 3, max_rounds: 2 } }
    decomposition_review: { type: hitl, prompt: "Good tasks?" }
    worker_template: { agent: b }
    reduce_review: { type: hitl, prompt: "Good results?" }
    reduce: { agent: a, input: "{{ workers }}" }
    writeup: { agent: a, input: "{{ reduce_response }} {{ writeup_response }}" }
`,
  graph: `${head("graph")}  type: graph
  config:
    max_iterations: 5
    nodes:
      write: { agent: a, input: "{{ topic }} {{ nodes.ask.response }}" }
      ask: { type: hitl, prompt: "Good?" }
      publish: { agent: b, input: "{{ nodes.wrote.response }}" }
    edges:
      - { from: write, to: [ask] }
      - from: ask
        choose:
          - { when: "{{ hitl_response == 'yes' }}", to: publish }
          - { when: "{{ nodes.write.iteration < 4 }}", to: write }
`,
};
