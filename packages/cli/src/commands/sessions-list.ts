import {
  InputError,
  type SessionFilter,
  type SessionStatus,
  type SessionSummary,
  supportedFeatures,
} from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { OptionValues } from "../option-values.js";
import { counted, formatTime } from "../render/amounts.js";
import { printable, printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { statusText } from "../render/status-text.js";
import { tableText } from "../render/table-text.js";
import { sessionPlace, sessionsOf } from "../session-place.js";

const statuses: readonly SessionStatus[] = ["running", "paused", "completed", "failed", "cancelled"];

/** `strands sessions list` */
export const sessionsListCommand: Command = {
  description: "List sessions, newest first.",
  arguments: [],
  options: [
    { flags: "--status <status>", description: `only those that are ${statuses.join(", ")}` },
    { flags: "--workflow <name>", description: "only those of this workflow" },
    { flags: "--pattern <type>", description: "only those of this pattern, such as chain" },
    { flags: "--since <time>", description: "only those that began then or later: 2026-01-31, 36h or 7d" },
    { flags: "--cursor <text>", description: "go on behind a page; `next` of its JSON" },
    { flags: "--limit <count>", description: "at most this many (default: 50)" },
    ...storageOptions,
  ],
  examples: [
    "strands sessions list",
    "strands sessions list --status paused",
    "strands sessions list --pattern chain --since 7d",
    "strands sessions list --json --limit 500",
  ],
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, options, secrets } = context;
  const status = readStatus(options.text("status"));
  const limit = readLimit(options.text("limit"));
  const filter = { limit, ...(status === undefined ? {} : { status }), ...moreFilters(options) };
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") }, secrets);
  const page = await sessions.list(filter);
  for (const notice of page.notices) screen.note(screen.style.yellow(`! ${printable(notice)}`));
  if (screen.manner.json) screen.json({ sessions: page.sessions, next: page.next ?? null, notices: page.notices });
  else if (page.sessions.length === 0)
    screen.note(
      status !== undefined
        ? `No sessions are ${status}.`
        : Object.keys(filter).length > 1
          ? "No sessions are like that."
          : "No sessions yet.",
    );
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

/** The filters that are texts as they are given. */
function moreFilters(options: OptionValues): SessionFilter {
  const workflowName = options.text("workflow");
  const pattern = options.text("pattern");
  const since = options.text("since");
  const cursor = options.text("cursor");
  const { patterns } = supportedFeatures();
  const patternType = patterns.find((type) => type === pattern?.toLowerCase().replaceAll("-", "_"));
  if (pattern !== undefined && patternType === undefined) {
    throw new InputError(`\`${pattern}\` is not a pattern`, { hint: `Use one of: ${patterns.join(", ")}.` });
  }
  return {
    ...(workflowName === undefined ? {} : { workflowName }),
    ...(patternType === undefined ? {} : { patternType }),
    ...(since === undefined ? {} : { since: readTime(since) }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A point in time, or how long ago it was. */
function readTime(text: string): number {
  const [, count, unit = ""] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const time = count === undefined ? Date.parse(text) : Date.now() - Number(count) * (unitsMs[unit] ?? 0);
  if (!Number.isNaN(time)) return time;
  throw new InputError(`\`--since ${text}\` is not a time`, {
    hint: "Give a date such as 2026-01-31, or how long ago: 90m, 36h, 7d.",
  });
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return 50;
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 100_000) return limit;
  throw new InputError(`\`--limit ${text}\` is not usable`, { hint: "Give a whole number from 1 to 100000." });
}
