// The workflows of the saved sessions, and the model and tool they were run with.
const agent = (id, input) => ({ agent: id, input });

export const spec = (steps) => ({
  version: 1,
  name: "saved",
  runtime: { provider: "test" },
  inputs: { values: { topic: "rivers" } },
  agents: { ann: { prompt: "You are Ann." }, ben: { prompt: "You are Ben.", tools: [] } },
  pattern: { type: "chain", config: { steps } },
  outputs: { artifacts: [{ path: "out.md", from: "{{ last_response }}" }] },
});

export const plain = [
  agent("ann", "One about {{ topic }}"),
  agent("ben", "Two after {{ steps[0].response }}"),
  agent("ann", "Three"),
];

export const asking = [
  agent("ann", "One"),
  { type: "hitl", prompt: "Good?", context_display: "{{ steps[0].response }}", default: "yes", timeout_seconds: 60 },
  agent("ben", "{{ hitl_response }}"),
];

/** Answers with the length of the conversation, so that one restored wrongly shows; calls the tool once a turn. */
export function savedModel({ failing = false, asked = () => {} } = {}) {
  return async function* model(request) {
    asked(request.stepKey);
    if (failing && request.stepKey === "steps/1") throw new Error("not yet");
    const last = request.messages.at(-1);
    if (request.tools.length > 0 && last.role === "user") {
      yield { type: "tool_call", call: { id: "c1", name: "weather", input: { city: "Rome" } } };
      yield { type: "usage", usage: { inputTokens: 10, outputTokens: 3 } };
      return;
    }
    yield `${request.agentId} after ${request.messages.length}`;
    yield { type: "usage", usage: { inputTokens: 20, outputTokens: 5 } };
  };
}

/** Gives more than fits into a line of the journal. */
export const weather = {
  name: "weather",
  description: "Says the weather.",
  inputSchema: { type: "object" },
  effect: "read",
  execute: () => ({ sky: "clear", long: "x".repeat(70_000) }),
};
