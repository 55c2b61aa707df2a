import { InputError, openSessions, type SessionStatus, type SessionSummary } from "@strands/sdk";
import { type Command, type CommandContext, sessionDirectoryOption } from "../command.js";
import { directoryOption } from "../directory-option.js";
import { exitCodes } from "../exit-codes.js";
import { counted, formatTime } from "../render/amounts.js";
import { printable, printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { statusText } from "../render/status-text.js";
import { tableText } from "../render/table-text.js";

const statuses: readonly SessionStatus[] = ["running", "paused", "completed", "failed", "cancelled"];

/** `strands sessions list` */
export const sessionsListCommand: Command = {
  description: "List sessions, newest first.",
  arguments: [],
  options: [
    { flags: "--status <status>", description: `only those that are ${statuses.join(", ")}` },
    { flags: "--limit <count>", description: "at most this many (default: 50)" },
    sessionDirectoryOption,
  ],
  examples: [
    "strands sessions list",
    "strands sessions list --status paused",
    "strands sessions list --json --limit 500",
  ],
  run,
};

async function run({ io, options }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") });
  const status = readStatus(options.text("status"));
  const limit = readLimit(options.text("limit"));
  await using sessions = openSessions({ sessionDirectory: directoryOption(options, "sessionDir"), env: io.env });
  const page = await sessions.list({ limit, ...(status === undefined ? {} : { status }) });
  for (const notice of page.notices) screen.note(screen.style.yellow(`! ${printable(notice)}`));
  if (screen.manner.json) screen.json({ sessions: page.sessions, next: page.next ?? null, notices: page.notices });
  else if (page.sessions.length === 0)
    screen.note(status === undefined ? "No sessions yet." : `No sessions are ${status}.`);
  else {
    const columns = io.stdout.isTTY ? io.stdout.columns : undefined;
    screen.result(
      tableText(
        header,
        page.sessions.map((session) => row(session, screen)),
        { columns, shrink: 1, drop: [2, 4] },
      ),
    );
    if (page.next !== undefined)
      screen.note(`These are the newest ${counted(limit, "session")}; \`--limit\` shows more.`);
  }
  return exitCodes.ok;
}

const header = ["Session ID", "Workflow", "Pattern", "Status", "Updated"];

function row(session: SessionSummary, screen: Screen): readonly string[] {
  const time = formatTime(session.updatedAt);
  return [
    printableLine(session.id),
    printableLine(session.workflowName),
    session.patternType,
    statusText(session, screen.outStyle),
    screen.manner.verbose === true ? time : time.slice(0, 16),
  ];
}

function readStatus(text: string | undefined): SessionStatus | undefined {
  if (text === undefined) return undefined;
  const status = statuses.find((candidate) => candidate === text.toLowerCase());
  if (status !== undefined) return status;
  throw new InputError(`\`${text}\` is not a status`, { hint: `Use one of: ${statuses.join(", ")}.` });
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return 50;
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 100_000) return limit;
  throw new InputError(`\`--limit ${text}\` is not usable`, { hint: "Give a whole number from 1 to 100000." });
}
