/** The cheapest model there is: what remains is the engine's own cost. */
export async function* model() {
  yield "ok";
}

/** The bare function: the model's answer and nothing else. */
export async function bareModel(request) {
  let text = "";
  for await (const chunk of model(request)) text += chunk;
  return text;
}

/** A chain of `count` agent steps, each rendering a template with the answer before it. */
export function chainSpec(count) {
  const steps = Array.from({ length: count }, (_, index) => ({
    agent: "a",
    input: index === 0 ? "Begin with {{ topic }}." : `Go on from {{ steps[${index - 1}].response }}.`,
  }));
  return {
    version: 1,
    name: "bench",
    runtime: { provider: "bench" },
    inputs: { values: { topic: "rivers" } },
    agents: { a: { prompt: "You are one." } },
    pattern: { type: "chain", config: { steps } },
  };
}
