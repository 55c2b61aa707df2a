import { type JsonObject, type JsonValue, schemaProblems } from "@strands/core";
import { describe, expect, it } from "vitest";
import { modelRequest } from "./__fixtures__/model-request.js";
import { answerRequest } from "./answer-request.js";

function answer(outputSchema: JsonObject, user = "Tell me about tea."): JsonValue {
  const answered = answerRequest(modelRequest(user, { outputSchema }), 0);
  return JSON.parse(answered.type === "text" ? answered.text : "") as JsonValue;
}

describe("a request with an output schema", () => {
  it.each([
    {
      type: "object",
      required: ["summary", "score"],
      properties: { summary: { type: "string" }, score: { type: "integer", minimum: 5 } },
    },
    {
      type: "object",
      properties: {
        kind: { enum: ["billing", "technical"] },
        tags: { type: "array", items: { type: "string" }, minItems: 2 },
      },
    },
    {
      type: "object",
      required: ["a"],
      additionalProperties: false,
      properties: { a: { $ref: "#/$defs/n" } },
      $defs: { n: { type: "number" } },
    },
    { type: "array", items: { type: "string", maxLength: 5 } },
    { type: "string" },
  ])("is answered with JSON that fits %j", (schema) => {
    expect(schemaProblems(schema, answer(schema))).toEqual([]);
  });

  it("holds the mark of the simulator in its texts", () => {
    const schema = { type: "object", required: ["summary"], properties: { summary: { type: "string" } } };
    expect(JSON.stringify(answer(schema))).toContain("[simulated]");
  });

  it("keeps the answer to what the prompt asks for when that fits", () => {
    const user =
      'Answer with one JSON object and nothing else: {"route": "<name>"}. Choose one of these routes: billing, sales.';
    const schema = { type: "object", required: ["route"], properties: { route: { type: "string" } } };
    expect(["billing", "sales"]).toContain((answer(schema, user) as { route: string }).route);
  });
});
