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
    summary: "look at stored sessions",
    examples: ["strands sessions list --status paused", "strands sessions show 3f2a", "strands sessions delete 3f2a"],
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
        name: "expire",
        summary: "take the default answers of questions whose time is up",
        load: async () => (await import("./commands/sessions-expire.js")).sessionsExpireCommand,
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
