/** One row of the code table. */
export interface CodeInfo {
  readonly title: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
}

/** Every error code of the project. The CLI maps them to exit codes by their first word. */
export const codeInfo = {
  SPEC_SYNTAX: { title: "The text is not valid YAML or JSON", retryable: false },
  SPEC_INVALID: { title: "The workflow breaks a rule of the format", retryable: false },
  SPEC_UNSUPPORTED: { title: "The workflow asks for something this version does not have", retryable: false },
  SPEC_NOT_FOUND: { title: "The workflow file cannot be read", retryable: false },
  INPUT_INVALID: { title: "A variable, an option or an argument is not usable", retryable: false },
  TEMPLATE_SYNTAX: { title: "A template or condition cannot be parsed", retryable: false },
  TEMPLATE_UNDEFINED: { title: "A template uses a name that has no value here", retryable: false },
  TEMPLATE_FORBIDDEN: { title: "A template asks for something templates may not do", retryable: false },
  TEMPLATE_RUNTIME: { title: "A template failed while it was rendered", retryable: false },
  TEMPLATE_LIMIT: { title: "A template used more steps, output or time than allowed", retryable: false },
  PROVIDER_NOT_CONFIGURED: { title: "No model is available for this provider", retryable: false },
  PROVIDER_AUTH: { title: "The provider refused the credentials", retryable: false },
  PROVIDER_RATE_LIMIT: { title: "The provider asked to slow down", retryable: true },
  PROVIDER_TIMEOUT: { title: "The provider did not answer in time", retryable: true },
  PROVIDER_UNAVAILABLE: { title: "The provider could not be reached", retryable: true },
  PROVIDER_BAD_REQUEST: { title: "The provider refused the request", retryable: false },
  PROVIDER_BAD_RESPONSE: { title: "The provider's answer could not be understood", retryable: false },
  PROVIDER_CONTEXT_OVERFLOW: { title: "The conversation is too long for the model", retryable: false },
  TOOL_NOT_FOUND: { title: "The tool does not exist", retryable: false },
  TOOL_INPUT_INVALID: { title: "The tool's input does not fit its schema", retryable: false },
  TOOL_FAILED: { title: "The tool failed", retryable: false },
  TOOL_DENIED: { title: "The tool may not be used", retryable: false },
  SESSION_NOT_FOUND: { title: "There is no such session", retryable: false },
  SESSION_EXISTS: { title: "There is a session with this id already", retryable: false },
  SESSION_CONFLICT: { title: "Somebody else moved this session on first", retryable: false },
  SESSION_LEASED: { title: "Another process is running this session", retryable: true },
  SESSION_CORRUPT: { title: "The stored session is damaged", retryable: false },
  SESSION_COMPLETED: { title: "The session has ended and cannot be resumed", retryable: false },
  SESSION_SPEC_CHANGED: { title: "The journal does not fit the stored workflow", retryable: false },
  SESSION_VERSION_UNKNOWN: { title: "The session was written by a newer version", retryable: false },
  SESSION_STORAGE: { title: "The session could not be written or read", retryable: true },
  INTERRUPT_NOT_FOUND: { title: "The session has no such pending interrupt", retryable: false },
  INTERRUPT_STALE: { title: "The answer is to something that has changed", retryable: false },
  INTERRUPT_UNANSWERED: { title: "The session waits for an answer", retryable: false },
  INTERRUPT_INVALID: { title: "The answer is not one of those accepted", retryable: false },
  RUN_STEP_FAILED: { title: "A step failed", retryable: false },
  RUN_TIMEOUT: { title: "The run took too long", retryable: false },
  RUN_BUDGET_EXCEEDED: { title: "The run reached one of its budgets", retryable: false },
  RUN_LOOP_LIMIT: { title: "A loop reached its limit", retryable: false },
  RUN_CANCELLED: { title: "The run was cancelled", retryable: false },
  ARTIFACT_PATH_ESCAPE: { title: "An artifact path leaves the output directory", retryable: false },
  ARTIFACT_EXISTS: { title: "An artifact file exists already", retryable: false },
  ARTIFACT_TEMPLATE: { title: "The template of an artifact failed", retryable: false },
  ARTIFACT_WRITE: { title: "An artifact could not be written", retryable: false },
  CLIENT_CLOSED: { title: "The client has been closed", retryable: false },
  INTERNAL: { title: "A bug in Strands", retryable: false },
} as const;

/** The stable code of an error, `AREA_PROBLEM`. */
export type ErrorCode = keyof typeof codeInfo;
