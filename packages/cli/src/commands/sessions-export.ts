import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InputError, secretValues } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { directoryOption } from "../directory-option.js";
import { exitCodes } from "../exit-codes.js";
import { printableJson, printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace, sessionsOf } from "../session-place.js";
import { usageWhenUnknown } from "./sessions-delete.js";

/** `strands sessions export` */
export const sessionsExportCommand: Command = {
  description: "Write a session as one JSON document, on stdout or to a file, without what looks like a credential.",
  arguments: [{ name: "<id>", description: "id of the session, or the beginning of it" }],
  options: [
    { flags: "--out <file>", description: "write it to this file" },
    { flags: "-f, --force", description: "replace that file if it exists" },
    ...storageOptions,
  ],
  examples: ["strands sessions export 3f2a > session.json", "strands sessions export 3f2a --out session.json"],
  notes: `Prompts, answers and variables are in it; look through it before you give it away. \`sessions import\` brings it back.`,
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  const out = directoryOption(options, "out");
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const { record } = await usageWhenUnknown(sessions.get(args[0] ?? ""));
  screen.hide(secretValues(record.spec, io.env));
  const text = `${printableJson(await sessions.export(record.id, { secrets }))}\n`;
  if (out === undefined) {
    // Not through the screen: the digest is over what is hidden already.
    io.stdout.write(text);
    return exitCodes.ok;
  }
  const file = resolve(io.cwd, out);
  await save(file, text, options.flag("force"));
  if (screen.manner.json) screen.json({ exported: record.id, file });
  else screen.note(`Wrote ${printableLine(file)}.`);
  return exitCodes.ok;
}

async function save(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? "w" : "wx", mode: 0o600 });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new InputError(exists ? `\`${file}\` exists already` : `\`${file}\` cannot be written`, {
      hint: exists
        ? "Add `--force` to replace it."
        : "Name a file in a directory that exists and is yours to write in.",
      cause,
    });
  }
}
