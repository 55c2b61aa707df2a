/** What is known about a code before anything happens. */
export interface CodeInfo {
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
}

/** Every error code of the project, with what it means. The CLI maps them to exit codes by their first word. */
export const codeInfo = {
  /** The text is not valid YAML or JSON. */
  SPEC_SYNTAX: { retryable: false },
  /** The workflow breaks a rule of the format. */
  SPEC_INVALID: { retryable: false },
  /** The workflow asks for something this version does not have. */
  SPEC_UNSUPPORTED: { retryable: false },
  /** The workflow file cannot be read. */
  SPEC_NOT_FOUND: { retryable: false },
  /** A variable, an option or an argument is not usable. */
  INPUT_INVALID: { retryable: false },
  /** A template or condition cannot be parsed. */
  TEMPLATE_SYNTAX: { retryable: false },
  /** A template uses a name that has no value here. */
  TEMPLATE_UNDEFINED: { retryable: false },
  /** A template asks for something templates may not do. */
  TEMPLATE_FORBIDDEN: { retryable: false },
  /** A template failed while it was rendered. */
  TEMPLATE_RUNTIME: { retryable: false },
  /** A template used more steps, output or time than allowed. */
  TEMPLATE_LIMIT: { retryable: false },
  /** No model is available for this provider. */
  PROVIDER_NOT_CONFIGURED: { retryable: false },
  /** The provider refused the credentials. */
  PROVIDER_AUTH: { retryable: false },
  /** The provider asked to slow down. */
  PROVIDER_RATE_LIMIT: { retryable: true },
  /** The provider did not answer in time. */
  PROVIDER_TIMEOUT: { retryable: true },
  /** The provider could not be reached. */
  PROVIDER_UNAVAILABLE: { retryable: true },
  /** The provider refused the request. */
  PROVIDER_BAD_REQUEST: { retryable: false },
  /** The provider's answer could not be understood. */
  PROVIDER_BAD_RESPONSE: { retryable: false },
  /** The provider's content filter withheld the answer. */
  PROVIDER_CONTENT_FILTER: { retryable: false },
  /** The conversation is too long for the model. */
  PROVIDER_CONTEXT_OVERFLOW: { retryable: false },
  /** The tool does not exist. */
  TOOL_NOT_FOUND: { retryable: false },
  /** The tool's input does not fit its schema. */
  TOOL_INPUT_INVALID: { retryable: false },
  /** The tool failed. */
  TOOL_FAILED: { retryable: false },
  /** The tool may not be used. */
  TOOL_DENIED: { retryable: false },
  /** There is no such session. */
  SESSION_NOT_FOUND: { retryable: false },
  /** There is a session with this id already. */
  SESSION_EXISTS: { retryable: false },
  /** Somebody else moved this session on first. */
  SESSION_CONFLICT: { retryable: false },
  /** Another process is running this session. */
  SESSION_LEASED: { retryable: true },
  /** The stored session is damaged. */
  SESSION_CORRUPT: { retryable: false },
  /** The session has ended and cannot be resumed. */
  SESSION_COMPLETED: { retryable: false },
  /** The journal does not fit the stored workflow. */
  SESSION_SPEC_CHANGED: { retryable: false },
  /** The session was written by a newer version. */
  SESSION_VERSION_UNKNOWN: { retryable: false },
  /** The session could not be written or read. */
  SESSION_STORAGE: { retryable: true },
  /** The session has no such pending interrupt. */
  INTERRUPT_NOT_FOUND: { retryable: false },
  /** The answer is to something that has changed. */
  INTERRUPT_STALE: { retryable: false },
  /** The session waits for an answer. */
  INTERRUPT_UNANSWERED: { retryable: false },
  /** The answer is not one of those accepted. */
  INTERRUPT_INVALID: { retryable: false },
  /** A step failed. */
  RUN_STEP_FAILED: { retryable: false },
  /** An agent's answers do not fit its output schema. */
  RUN_OUTPUT_INVALID: { retryable: false },
  /** The run took too long. */
  RUN_TIMEOUT: { retryable: false },
  /** The run reached one of its budgets. */
  RUN_BUDGET_EXCEEDED: { retryable: false },
  /** A loop reached its limit. */
  RUN_LOOP_LIMIT: { retryable: false },
  /** The run was cancelled. */
  RUN_CANCELLED: { retryable: false },
  /** An artifact path leaves the output directory. */
  ARTIFACT_PATH_ESCAPE: { retryable: false },
  /** An artifact file exists already. */
  ARTIFACT_EXISTS: { retryable: false },
  /** The template of an artifact failed. */
  ARTIFACT_TEMPLATE: { retryable: false },
  /** An artifact could not be written. */
  ARTIFACT_WRITE: { retryable: false },
  /** The client has been closed. */
  CLIENT_CLOSED: { retryable: false },
  /** A bug in Strands. */
  INTERNAL: { retryable: false },
} as const;

/** The stable code of an error, `AREA_PROBLEM`. */
export type ErrorCode = keyof typeof codeInfo;
