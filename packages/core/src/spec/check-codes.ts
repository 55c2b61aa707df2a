import type { SpecIssue } from "../error/errors.js";

/** Every code the checks may give an issue, with what it means. The loader adds its own for structure and syntax. */
export const checkCodes = {
  unknown_agent: "An agent is used that `agents` does not have",
  unknown_task: "A dependency names a task that does not exist",
  unknown_node: "An edge names a node that does not exist",
  unknown_pattern: "`pattern.type` is not one of the seven patterns",
  unknown_provider: "A provider that this version does not bring along (warning)",
  unknown_tool: "A tool id that `tools` and `skills` do not declare (warning)",
  empty: "A list or mapping that needs an entry has none",
  empty_prompt: "A pause for a person has no prompt",
  empty_edge: "An edge has an empty list of targets (warning)",
  duplicate_id: "Two things that need different ids have the same one",
  dependency_cycle: "Tasks wait for one another, or a task for itself",
  multiple_targets: "A static edge has more than one target",
  shadowed_edge: "A second edge from the same node is never looked at (warning)",
  no_terminal_node: "Every node has an outgoing edge, so the graph cannot end",
  unreachable_node: "A node cannot be reached from the first one",
  gate_expected: "A review gate is not a pause for a person",
  unused_gate: "A review gate stands where the pattern never gets to (warning)",
  invalid_url: "A URL cannot be read or is neither http nor https",
  url_credentials: "A URL holds a user name or password",
  blocked_address: "A URL points at an address workflows may not call",
  unsupported_secret_source: "Secrets can only come from the environment",
  unread_schema: "An output schema is the path of a file that was not read in",
  range: "A number is outside of its range, or no number",
  enum: "A word is not one of those that can stand there",
  wait_order: "`wait_min` is longer than `wait_max`",
  conflicting_timeouts: "Both `timeout_seconds` and `timeout_minutes` are given (warning)",
  conflicting_input: "An input is declared as required and as optional (warning)",
  input_type: "A default or value is not of the declared type (warning)",
  input_enum: "A default or value is not one of the declared choices (warning)",
  undeclared_name: "A template reads a name that is no declared input (warning)",
  never_defined: "A template reads what the pattern does not give at that place (warning)",
  default_not_accepted: "The default of a question is an answer that the question does not accept (warning)",
  artifact_path: "The path of an artifact leaves the output directory whatever is filled in",
  artifact_name: "An artifact is written under another name than the file gives (warning)",
  artifact_conflict: "Two artifacts have one path, or one is a file where the other needs a directory",
  empty_trace: "An artifact shows `TRACE` and there is no telemetry (warning)",
  inactive: "A part of the format that this version reads but does not act on (warning)",
} as const;

/** A code `checkSpec` gives. */
export type CheckCode = keyof typeof checkCodes;

/** Codes of what the format has and this version, or the workflow as it is set up, cannot run. All others break a rule. */
const unsupportedCodes: ReadonlySet<string> = new Set([
  "pattern_mismatch",
  "unsupported_secret_source",
  "multiple_targets",
]);

/** The error code for these issues: `SPEC_UNSUPPORTED` when nothing else is wrong than what cannot run. */
export function specErrorCode(issues: readonly SpecIssue[]): "SPEC_INVALID" | "SPEC_UNSUPPORTED" {
  const errors = issues.filter(({ severity }) => severity === "error");
  return errors.every(({ code }) => unsupportedCodes.has(code)) ? "SPEC_UNSUPPORTED" : "SPEC_INVALID";
}
