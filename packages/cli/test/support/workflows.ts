/** Two agents, one after the other, and an output file. */
export const chainYaml = `version: 1
name: two-steps
runtime:
  provider: openai
  model_id: gpt-4o-mini
agents:
  first:
    prompt: You begin.
  second:
    prompt: You end.
pattern:
  type: chain
  config:
    steps:
      - agent: first
        input: "Begin with {{ topic }}."
      - agent: second
        input: "End {{ steps[0].response }}"
inputs:
  required:
    topic:
      type: string
      description: What it is about
  values:
    topic: tea
outputs:
  artifacts:
    - path: report.md
      from: "{{ last_response }}"
`;

/** An agent, a person, an agent. */
export const reviewYaml = `version: 1
name: review
runtime:
  provider: offline
agents:
  author:
    prompt: You write.
pattern:
  type: chain
  config:
    steps:
      - agent: author
        input: Write.
      - type: hitl
        prompt: "Is [this] fine? </b>"
        context_display: "Draft: {{ steps[0].response }}"
      - agent: author
        input: "Take up {{ hitl_response }}."
outputs:
  artifacts:
    - path: final.md
      from: "{{ last_response }}"
`;

/** Two branches that ask, one with a time-out, and a third that does not. */
export const questionsYaml = `version: 1
name: questions
runtime:
  provider: offline
agents:
  author:
    prompt: You write.
pattern:
  type: parallel
  config:
    branches:
      - id: left
        steps:
          - agent: author
            input: Left.
          - type: hitl
            prompt: Is left fine?
            context_display: "Left: {{ steps[0].response }}"
      - id: right
        steps:
          - type: hitl
            prompt: Is right fine?
            default: skip
            timeout_seconds: 3600
      - id: third
        steps:
          - agent: author
            input: Third.
`;

/** Answers for both. */
export const scriptYaml = `steps/0: A first answer
steps/1: A second answer
steps/2: A last answer
`;
