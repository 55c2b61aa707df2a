import { type Command, storageOptions } from "../command.js";

/** `strands run` */
export const runCommand: Command = {
  description: "Run a workflow, or go on with a session. The last answer goes to stdout, everything else to stderr.",
  arguments: [
    {
      name: "[file]",
      description: "workflow file (.yaml, .yml or .json); with --resume, what the session's own is compared with",
    },
  ],
  options: [
    { flags: "--var <name=value>", description: "set an input; may be repeated", repeatable: true },
    { flags: "-a, --ask", description: "ask for required inputs that have no value" },
    { flags: "--out <dir>", description: "directory for output files (default: ./artifacts, or that of the session)" },
    { flags: "--force", description: "replace output files that exist" },
    { flags: "-r, --resume <id>", description: "go on with a session; the beginning of its id is enough" },
    {
      flags: "--hitl-response <text>",
      description: "with --resume or --auto-resume: answer what the session waits for",
    },
    { flags: "--interrupt <id>", description: "which question is answered; the printed command names it" },
    {
      flags: "--hitl-action <action>",
      description:
        "modify: the response is feedback, the step before runs again; reject: it is the reason to end the run",
      choices: ["modify", "reject"],
    },
    { flags: "--auto-resume", description: "go on with the newest unfinished session of this very workflow, if any" },
    { flags: "--offline", description: "answer with the embedded offline model: simulated text, no key, no network" },
    {
      flags: "--script <file>",
      description: "answers by step or agent (YAML or JSON), over those of the offline model",
    },
    {
      flags: "--budget <name=n>",
      description: "change a limit for this run: max_steps, max_tokens, max_duration_s",
      repeatable: true,
    },
    ...storageOptions,
    {
      flags: "--durability <level>",
      description: "what a finished step survives: a power cut (full), a crash (process)",
      choices: ["full", "process", "none"],
    },
    { flags: "--save-session", description: "keep a session that can be resumed (default)" },
    { flags: "--no-save-session", description: "keep nothing; not for workflows that ask people" },
    { flags: "-q, --quiet", description: "no progress on stderr" },
    { flags: "--trace", description: "accepted; has no effect yet" },
    { flags: "--bypass-tool-consent", description: "accepted; has no effect yet" },
  ],
  examples: [
    'strands run workflow.yaml --var topic="tea"',
    "strands run workflow.yaml --offline",
    "strands run workflow.yaml --json > result.json",
    'strands run --resume 3f2a --hitl-response "approve"',
    "strands run workflow.yaml --auto-resume",
    'strands run workflow.yaml --auto-resume --hitl-response "approve"',
  ],
  notes: `Ctrl-C stops cleanly and says how to resume; a second Ctrl-C ends at once. A run that waits for an answer
exits with 19, one that failed with 10: both can be resumed, and finished steps are not run again. On a terminal,
--resume without a response asks the open questions one by one.`,
  run: async (context) => (await import("../run/run-workflow.js")).runWorkflow(context),
};
