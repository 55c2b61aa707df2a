/** The part of an error that is looked at. */
export interface FailureKind {
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Errors that come of the workflow's text, its limits and its values alone. A session keeps these. */
const forGood: ReadonlySet<string> = new Set(["ARTIFACT_PATH_ESCAPE", "ARTIFACT_TEMPLATE"]);

/** Whether a session that failed like this would fail in the same way when it is resumed. */
export function failsForGood({ code, details }: FailureKind): boolean {
  // A loop that reached a setting of the workflow reaches it again; a turn with too many model calls may end well next time.
  const isSetting = code === "RUN_LOOP_LIMIT" && details?.["setting"] !== undefined;
  // A symbolic link in the way of a path can be taken away; a path that leaves the directory stays as it is.
  const isLink = details?.["link"] !== undefined;
  return isSetting || (forGood.has(code) && !isLink) || code.startsWith("TEMPLATE_");
}
