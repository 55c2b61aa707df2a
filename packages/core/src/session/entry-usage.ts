import type { Usage } from "../model/model.js";
import { addUsage } from "../model/usage.js";
import type { EntryDraft, ModelEntryBody } from "./entry.js";

/** What a model call has used, with the attempts that failed before it succeeded. */
export function usageOfCall({ usage, failedUsage }: ModelEntryBody): Usage {
  return addUsage(failedUsage, usage);
}

/** What an entry adds to the usage of its session. */
export function usageOf({ kind, body }: EntryDraft): Usage | undefined {
  switch (kind) {
    case "model":
      return usageOfCall(body);
    case "run.paused":
    case "run.completed":
    case "run.failed":
    case "run.cancelled":
      return body.failedUsage;
    default:
      return undefined;
  }
}
