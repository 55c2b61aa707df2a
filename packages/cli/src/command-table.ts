import type { CommandRow } from "./command.js";

/** Every command there is. A command's own code is loaded when it is asked for. */
export const commandTable: readonly CommandRow[] = [
  {
    name: "run",
    summary: "run a workflow, or resume a session",
    load: async () => (await import("./commands/run.js")).runCommand,
  },
  {
    name: "validate",
    summary: "check workflow files without running them",
    load: async () => (await import("./commands/validate.js")).validateCommand,
  },
  {
    name: "plan",
    summary: "show what a workflow would do",
    load: async () => (await import("./commands/plan.js")).planCommand,
  },
  {
    name: "explain",
    summary: "say what a workflow does and what of it is not supported",
    load: async () => (await import("./commands/explain.js")).explainCommand,
  },
  {
    name: "graph",
    summary: "draw a workflow as text, Mermaid or DOT",
    load: async () => (await import("./commands/graph.js")).graphCommand,
  },
  {
    name: "eject",
    summary: "write a workflow as code for the builders",
    load: async () => (await import("./commands/eject.js")).ejectCommand,
  },
  {
    name: "list-supported",
    summary: "list what of the workflow format is supported",
    load: async () => (await import("./commands/list-supported.js")).listSupportedCommand,
  },
  {
    name: "sessions",
    summary: "look at and look after stored sessions",
    examples: ["strands sessions list --status paused", "strands sessions show 3f2a", "strands sessions approve 3f2a"],
    rows: [
      {
        name: "list",
        summary: "list sessions, newest first",
        load: async () => (await import("./commands/sessions-list.js")).sessionsListCommand,
      },
      {
        name: "show",
        summary: "show what happened in a session and what to do next",
        load: async () => (await import("./commands/sessions-show.js")).sessionsShowCommand,
      },
      {
        name: "steps",
        summary: "show what each agent was asked and answered",
        load: async () => (await import("./commands/sessions-steps.js")).sessionsStepsCommand,
      },
      {
        name: "events",
        summary: "list the events of a session",
        load: async () => (await import("./commands/sessions-events.js")).sessionsEventsCommand,
      },
      {
        name: "approve",
        summary: "say yes to the question a session waits for",
        load: async () => (await import("./commands/sessions-answer.js")).sessionsApproveCommand,
      },
      {
        name: "reject",
        summary: "reject what a session asks about",
        load: async () => (await import("./commands/sessions-answer.js")).sessionsRejectCommand,
      },
      {
        name: "modify",
        summary: "send the step before a question back",
        load: async () => (await import("./commands/sessions-answer.js")).sessionsModifyCommand,
      },
      {
        name: "cancel",
        summary: "cancel a session that is not running",
        load: async () => (await import("./commands/sessions-cancel.js")).sessionsCancelCommand,
      },
      {
        name: "fork",
        summary: "make a new session of the beginning of another",
        load: async () => (await import("./commands/sessions-fork.js")).sessionsForkCommand,
      },
      {
        name: "export",
        summary: "write a session as one JSON document",
        load: async () => (await import("./commands/sessions-export.js")).sessionsExportCommand,
      },
      {
        name: "import",
        summary: "store an exported session",
        load: async () => (await import("./commands/sessions-import.js")).sessionsImportCommand,
      },
      {
        name: "expire",
        summary: "take the default answers of questions whose time is up",
        load: async () => (await import("./commands/sessions-expire.js")).sessionsExpireCommand,
      },
      {
        name: "cleanup",
        summary: "delete sessions that have not moved for a while",
        load: async () => (await import("./commands/sessions-cleanup.js")).sessionsCleanupCommand,
      },
      {
        name: "delete",
        summary: "delete a session",
        load: async () => (await import("./commands/sessions-delete.js")).sessionsDeleteCommand,
      },
    ],
  },
  {
    name: "doctor",
    summary: "check that this machine can run workflows",
    load: async () => (await import("./commands/doctor.js")).doctorCommand,
  },
  {
    name: "version",
    summary: "print the version",
    load: async () => (await import("./commands/version.js")).versionCommand,
  },
];
