import type { FinishReason } from "@strands/core";

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  "content-filter": "content_filter",
  "tool-calls": "tool_calls",
};

/** Version 2 gives a word, later ones an object that holds it as `unified`. */
export function mapFinishReason(given: unknown): FinishReason | "error" {
  const word = typeof given === "object" && given !== null ? (given as { unified?: unknown }).unified : given;
  if (word === "error") return "error";
  return typeof word === "string" && Object.hasOwn(reasons, word) ? (reasons[word] ?? "other") : "other";
}
