import { secretValues, timelineOf } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { answerCommand } from "../render/interrupt-text.js";
import { Screen } from "../render/screen.js";
import { sessionText } from "../render/session-text.js";
import { fileChanges } from "../run/file-changes.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** `strands sessions show` */
export const sessionsShowCommand: Command = {
  description: "Show a session: what it was given, what happened in it, what it waits for, and what to do next.",
  arguments: [{ name: "<id>", description: "id of the session, or the beginning of it" }],
  options: [...storageOptions],
  examples: ["strands sessions show 3f2a", "strands sessions show 3f2a -v", "strands sessions show 3f2a --json"],
  notes: "With `-v` answers are shown in full.",
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  const place = sessionPlace(context);
  const screen = new Screen(io, { json: options.flag("json"), verbose: options.flag("verbose") }, secrets);
  await using sessions = sessionsOf(place, context);
  const view = await usageWhenUnknown(sessions.get(args[0] ?? ""));
  screen.hide(secretValues(view.record.spec, io.env));
  const file = await fileChanges(view.record, undefined, io);
  if (screen.manner.json) {
    const { record, summary, notices, entries } = view;
    const session = { id: record.id, place: place.words, platform: io.platform };
    const interrupts = view.interrupts.map((state) =>
      state.answer === undefined ? { ...state, resume: answerCommand(session, state.interrupt) } : state,
    );
    const { spec: _, ...rest } = record;
    const last = entries.findLast((entry) => entry.kind === "run.completed");
    const lastResponse = last?.kind === "run.completed" ? { lastResponse: last.body.lastResponse } : {};
    screen.json({ ...summary, ...rest, ...lastResponse, interrupts, timeline: timelineOf(entries), notices, file });
  } else {
    screen.result(sessionText(view, { place: place.words, platform: io.platform, screen, file }));
  }
  return exitCodes.ok;
}
