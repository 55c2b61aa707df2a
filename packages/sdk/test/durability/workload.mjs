// What the child processes of the durability tests run: a chain of steps whose answers depend on everything before.
export const stepCount = 20;

export const spec = {
  version: 1,
  name: "twenty-steps",
  runtime: { provider: "test" },
  inputs: { values: { topic: "rivers" } },
  agents: { ann: { prompt: "You are Ann." }, ben: { prompt: "You are Ben." } },
  pattern: {
    type: "chain",
    config: {
      steps: Array.from({ length: stepCount }, (_, index) => ({
        agent: index % 3 === 0 ? "ben" : "ann",
        input: index === 0 ? "Begin with {{ topic }}." : `Step ${index} after {{ steps[${index - 1}].response }}`,
      })),
    },
  },
  outputs: { artifacts: [{ path: "report.md", from: "{% for s in steps %}{{ s.response }}\n{% endfor %}" }] },
};

/** The pieces of an answer: a digest of the conversation, so that one restored wrongly shows in every later answer. */
export function answerTo(request) {
  let hash = 7;
  for (const message of request.messages) {
    for (const character of message.content) hash = (Math.imul(hash, 31) + character.codePointAt(0)) >>> 0;
  }
  return [request.stepKey, " ", request.messages.length.toString(), " ", hash.toString(16)];
}
