import { type AnswerOutcome, InputError, type RespondOptions, ResumeClient, type SessionView } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { OptionValues } from "../option-values.js";
import { formatTime } from "../render/amounts.js";
import { answerVerb } from "../render/answer-verb.js";
import { resumeCommand } from "../render/interrupt-text.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** Gives the answer of a command to a question. */
type Give = (
  people: ResumeClient,
  address: readonly [string, string],
  told: string | undefined,
  options: RespondOptions,
) => Promise<AnswerOutcome>;

const id = { name: "<id>", description: "id of the session, or the beginning of it" };
const notes = `It records the answer and runs nothing: resume the session afterwards, on this machine or another. The same answer twice
is one answer. When somebody else has answered differently, theirs stands: exit code 17.`;

/** `strands sessions approve` */
export const sessionsApproveCommand: Command = answerCommand({
  description: "Say yes to the question a session waits for, or answer it with a text.",
  arguments: [id, { name: "[response]", description: "the answer (default: the word the question takes for yes)" }],
  examples: ["strands sessions approve 3f2a", 'strands sessions approve 3f2a "route:long" --json'],
  give: (people, [session, interrupt], told, options) =>
    told === undefined
      ? people.approve(session, interrupt, options)
      : people.respond(session, interrupt, told, options),
});

/** `strands sessions reject` */
export const sessionsRejectCommand: Command = answerCommand({
  description: "Reject what a session asks about: its run ends for good.",
  arguments: [id, { name: "[reason]", description: "why, for the record" }],
  examples: ['strands sessions reject 3f2a "not this quarter"'],
  give: (people, [session, interrupt], told, options) => people.reject(session, interrupt, told, options),
});

/** `strands sessions modify` */
export const sessionsModifyCommand: Command = answerCommand({
  description: "Send the step before a question back with feedback; the question is then asked anew.",
  arguments: [id, { name: "<feedback>", description: "what that step should do better" }],
  examples: ['strands sessions modify 3f2a "half as long"'],
  give: (people, [session, interrupt], told = "", options) => people.modify(session, interrupt, told, options),
});

function answerCommand({
  give,
  ...help
}: Pick<Command, "description" | "arguments" | "examples"> & { readonly give: Give }): Command {
  return {
    ...help,
    options: [
      { flags: "--interrupt <id>", description: "which question, when several are open" },
      { flags: "--by <name>", description: "who answers, for the record (default: you)" },
      ...storageOptions,
    ],
    notes,
    run: (context) => run(context, give),
  };
}

async function run(context: CommandContext, give: Give): Promise<number> {
  const { io, args, options, secrets } = context;
  const place = sessionPlace(context);
  await using sessions = sessionsOf(place, context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const view = await usageWhenUnknown(sessions.get(args[0] ?? ""));
  const { interrupt } = questionOf(view, options);
  const by = options.text("by") ?? io.user;
  const sessionId = view.record.id;
  // The question as it was just read: nothing that is asked later can take the answer.
  const bound = { digest: interrupt.digest, ...(by === undefined ? {} : { by }) };
  const outcome = await give(new ResumeClient(sessions.client), [sessionId, interrupt.id], args[1], bound);
  const resume = resumeCommand({ id: sessionId, place: place.words, platform: io.platform });
  const { status, answer, answeredAt } = outcome;
  if (screen.manner.json) screen.json({ sessionId, interruptId: interrupt.id, ...outcome, resume });
  else {
    const what = answer.response === "" ? "" : `: ${printableLine(answer.response)}`;
    const who = answer.source === "timeout" ? "the time-out" : printableLine(answer.by ?? "somebody");
    const first = `${printableLine(interrupt.stepKey)} was ${answerVerb(answer)} by ${who} at ${formatTime(answeredAt)}${what}`;
    if (status === "recorded")
      screen.note(`${screen.style.green("✓")} ${printableLine(interrupt.stepKey)} ${answerVerb(answer)}${what}`);
    else
      screen.always(
        screen.style.yellow(`! ${first}. ${status === "lost" ? "That answer stands." : "Nothing was added."}`),
      );
    screen.alwaysWhole(`Resume with: ${screen.style.bold(resume)}`);
  }
  return status === "lost" ? exitCodes.session : exitCodes.ok;
}

/** The question that is named, or the one that is open; else the last one, to say what became of it. */
function questionOf({ interrupts, record }: SessionView, options: OptionValues): SessionView["interrupts"][number] {
  const named = options.text("interrupt");
  const open = interrupts.filter(({ answer }) => answer === undefined);
  const state =
    named === undefined
      ? open.length > 1
        ? undefined
        : (open[0] ?? interrupts.at(-1))
      : interrupts.find(({ interrupt }) => interrupt.id === named);
  if (state !== undefined) return state;
  const ids = open.map(({ interrupt }) => `\`--interrupt ${interrupt.id}\` (${interrupt.stepKey})`);
  const what = named === undefined ? `waits for ${open.length} answers` : `has no question \`${named}\``;
  throw new InputError(`The session \`${record.id}\` ${what}`, {
    hint: ids.length === 0 ? "See `strands sessions show` for what it asked." : `Say which: ${ids.join(", ")}.`,
  });
}
