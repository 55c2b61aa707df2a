import type { SessionStatus } from "@strands/sdk";
import type { Style } from "./style.js";

/** A status in its colour. */
export function statusText(status: SessionStatus, style: Style): string {
  switch (status) {
    case "completed":
      return style.green(status);
    case "failed":
      return style.red(status);
    case "paused":
      return style.yellow(status);
    case "running":
      return style.cyan(status);
    case "cancelled":
      return style.dim(status);
  }
}
