import { describe, expect, it } from "vitest";
import { BedrockSubject, eventStream, refusal } from "./support/bedrock-subject.js";
import { bedrockWire } from "./support/bedrock-wire.js";

const subject = new BedrockSubject();
const outputSchema = {
  type: "object",
  properties: {
    title: { type: "string", enum: ["a", "b"] },
    tags: { type: "array", items: { type: "object", properties: {} } },
  },
  required: ["title"],
} as const;
const search = { name: "search", description: "Searches.", inputSchema: { type: "object" } } as const;
const noSchema = refusal(400, "ValidationException", "This model doesn't support the outputConfig.textFormat field.");
const noTools = refusal(400, "ValidationException", "This model doesn't support the toolConfig.toolChoice.any field.");
const answerByTool = eventStream(
  bedrockWire.events({
    text: ["Here it is: "],
    toolCalls: [{ id: "t", name: "give_answer", pieces: ['{"title"', ':"a"}'] }],
  }),
);

describe("an output schema", () => {
  it("is told to the service, closed to what it does not name", async () => {
    subject.server.play(eventStream(bedrockWire.events({ text: ['{"title":"a"}'] })));
    expect((await subject.ask({ outputSchema })).text).toBe('{"title":"a"}');
    const { jsonSchema } = (
      subject.body as { outputConfig: { textFormat: { structure: { jsonSchema: { schema: string } } } } }
    ).outputConfig.textFormat.structure;
    expect(JSON.parse(jsonSchema.schema)).toEqual({
      ...outputSchema,
      additionalProperties: false,
      properties: {
        title: { type: "string", enum: ["a", "b"] },
        tags: { type: "array", items: { type: "object", properties: {}, additionalProperties: false } },
      },
    });
  });

  it("becomes a tool for a model that has no mode for it, and stays one", async () => {
    subject.server.play(noSchema, answerByTool);
    const provider = subject.provider();
    const model = await provider.model({ provider: "bedrock", modelId: "m", host: undefined, region: undefined });
    const same = { name: "bedrock", model: () => model };
    const answer = { text: '{"title":"a"}', toolCalls: [], finish: "stop" };
    expect(await subject.ask({ outputSchema }, same)).toMatchObject(answer);
    expect(subject.body).toMatchObject({
      toolConfig: {
        tools: [{ toolSpec: { name: "give_answer", inputSchema: { json: outputSchema } } }],
        toolChoice: { any: {} },
      },
    });
    expect(await subject.ask({ outputSchema }, same)).toMatchObject(answer);
    expect(subject.server.requests).toHaveLength(3);
    expect(subject.body).not.toHaveProperty("outputConfig");
  });

  it("leaves the tools of the agent to it, and its text when it calls them", async () => {
    const calls = [{ id: "s", name: "search", pieces: ["{}"] }];
    subject.server.play(noSchema, eventStream(bedrockWire.events({ text: ["I will look."], toolCalls: calls })));
    const answer = await subject.ask({ outputSchema, tools: [search, { ...search, name: "give_answer" }] });
    expect(answer).toMatchObject({ text: "I will look.", toolCalls: [{ name: "search" }], finish: "tool_calls" });
    expect(subject.body).toMatchObject({
      toolConfig: {
        tools: [
          { toolSpec: { name: "search" } },
          { toolSpec: { name: "give_answer" } },
          { toolSpec: { name: "give_answer_2" } },
        ],
      },
    });
  });

  it("is left to the engine for a model that has neither", async () => {
    subject.server.play(noSchema, noTools, eventStream(bedrockWire.events({ text: ["plain"] })));
    expect((await subject.ask({ outputSchema })).text).toBe("plain");
    expect(subject.body).toEqual({ messages: [{ role: "user", content: [{ text: "Hello" }] }] });
  });

  it("is no reason to ask again when the refusal is about something else", async () => {
    subject.server.play(refusal(400, "ValidationException", "Input is too long for requested model."));
    expect((await subject.fail({ outputSchema })).code).toBe("PROVIDER_CONTEXT_OVERFLOW");
    expect(subject.server.requests).toHaveLength(1);
  });
});
