import type { InterruptAnswer } from "@strands/sdk";

/** What a person did with a question. */
export function answerVerb({ action }: InterruptAnswer): string {
  if (action === "modify") return "sent back";
  return action === "reject" ? "rejected" : "answered";
}
