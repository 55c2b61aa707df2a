import { InputError, type RecordedEvent, secretValues } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { OptionValues } from "../option-values.js";
import { formatTime } from "../render/amounts.js";
import { preview } from "../render/preview.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** `strands sessions events` */
export const sessionsEventsCommand: Command = {
  description: "List the events a session's journal stands for, with the number of the entry each comes from.",
  arguments: [{ name: "<id>", description: "id of the session, or the beginning of it" }],
  options: [
    { flags: "--from-seq <n>", description: "only those of this entry and later ones (default: 1)" },
    ...storageOptions,
  ],
  examples: ["strands sessions events 3f2a", "strands sessions events 3f2a --from-seq 12 --json"],
  notes: "What was told and not recorded, such as tokens, is not among them.",
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  const fromSeq = entryNumber(options, "fromSeq", "--from-seq") ?? 1;
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const { record } = await usageWhenUnknown(sessions.get(args[0] ?? ""));
  screen.hide(secretValues(record.spec, io.env));
  const events = await sessions.events(record.id, { fromSeq });
  if (screen.manner.json) screen.json({ sessionId: record.id, events });
  else if (events.length === 0) screen.note("Nothing has happened there.");
  else screen.result(events.map((event) => eventText(event, screen)).join("\n"));
  return exitCodes.ok;
}

/**
 * The number of an entry.
 *
 * @throws InputError `INPUT_INVALID`
 */
export function entryNumber(options: OptionValues, name: string, flag: string): number | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InputError(`\`${flag} ${text}\` is not the number of an entry`, { hint: "Give a whole number from 1 on." });
}

function eventText({ seq, event }: RecordedEvent, { outStyle }: Screen): string {
  const told = about(event);
  const time = outStyle.dim(formatTime(event.timestamp).slice(11));
  return `${String(seq).padStart(5)}  ${time}  ${event.type}${told === "" ? "" : `  ${told}`}`;
}

/** What an event is about, in a line. */
function about(event: RecordedEvent["event"]): string {
  switch (event.type) {
    case "step_complete":
      return `${printableLine(event.stepKey)}: ${preview(event.response, 60)}`;
    case "tool_start":
      return `${printableLine(event.stepKey)}: ${printableLine(event.call.name)}`;
    case "tool_complete":
      return `${printableLine(event.stepKey)}: ${printableLine(event.result.name)}`;
    case "interrupt_pending":
      return `${printableLine(event.interrupt.stepKey)}: ${preview(event.interrupt.prompt, 60)}`;
    case "interrupt_answered":
      return `${printableLine(event.interrupt.stepKey)}: ${preview(event.answer.response, 60)}`;
    case "workflow_error":
      return preview(event.error.message, 80);
    case "workflow_cancelled":
      return preview(event.reason, 80);
    default:
      return "";
  }
}
