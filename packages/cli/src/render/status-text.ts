import type { SessionStatus, SessionSummary } from "@strands/sdk";
import type { Style } from "./style.js";

/** A session's status, in its colour where there are colours. One that has paused and has all its answers is ready to go on. */
export function statusText({ status, pending }: Pick<SessionSummary, "status" | "pending">, style?: Style): string {
  const text = status === "paused" && pending.length === 0 ? "paused, answered" : status;
  return style === undefined ? text : coloured(status, text, style);
}

function coloured(status: SessionStatus, text: string, style: Style): string {
  switch (status) {
    case "completed":
      return style.green(text);
    case "failed":
      return style.red(text);
    case "paused":
      return style.yellow(text);
    case "running":
      return style.cyan(text);
    case "cancelled":
      return style.dim(text);
  }
}
