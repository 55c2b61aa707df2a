import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InputError } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { statusText } from "../render/status-text.js";
import { sessionPlace, sessionsOf } from "../session-place.js";

/** `strands sessions import` */
export const sessionsImportCommand: Command = {
  description: "Store an exported session, under the id it had.",
  arguments: [{ name: "<file>", description: "file that `sessions export` wrote" }],
  options: [...storageOptions],
  examples: [
    "strands sessions import session.json",
    "strands sessions import session.json --storage sqlite:sessions.db",
  ],
  notes: "A file that is damaged, was changed, or was written by a newer version is refused: exit code 17.",
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { io, args, options, secrets } = context;
  const file = resolve(io.cwd, args[0] ?? "");
  await using sessions = sessionsOf(sessionPlace(context), context);
  const screen = new Screen(io, { json: options.flag("json") }, secrets);
  const summary = await sessions.import(await read(file));
  if (screen.manner.json) screen.json(summary);
  else screen.note(`Imported session ${printableLine(summary.id)}; it is ${statusText(summary, screen.style)}.`);
  return exitCodes.ok;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new InputError(`\`${file}\` cannot be read`, { hint: "Name a file that `sessions export` wrote.", cause });
  }
}
