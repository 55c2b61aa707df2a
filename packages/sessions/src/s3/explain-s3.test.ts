import { expect, it } from "vitest";
import { explainS3 } from "./explain-s3.js";

it.each([
  ["what the client says without a code", new Error("Region is missing"), "RegionMissing", "AWS_REGION"],
  ["a refusal of the store", Object.assign(new Error("no"), { name: "AccessDenied" }), "AccessDenied", "credentials"],
  ["a connection", Object.assign(new Error("no"), { code: "ECONNREFUSED" }), "ECONNREFUSED", "endpoint"],
])("names %s, with what to do", (_, error, code, word) => {
  const explanation = explainS3(error);
  expect(explanation.code).toBe(code);
  expect(explanation.hint).toContain(word);
});

it("names what has no code by its status", () => {
  expect(explainS3({ $metadata: { httpStatusCode: 418 } })).toMatchObject({ code: "418" });
});
