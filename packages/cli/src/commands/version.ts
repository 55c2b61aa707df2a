import type { Command } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { version } from "../package-version.js";
import { printableJson } from "../render/printable-text.js";

/** `strands version` */
export const versionCommand: Command = {
  description: "Print the version.",
  arguments: [],
  options: [],
  examples: ["strands version", "strands version --json"],
  async run({ io, options }) {
    const text = options.flag("json")
      ? printableJson({ name: "strands-cli", version: version(), node: process.version })
      : `strands-cli version ${version()}`;
    io.stdout.write(`${text}\n`);
    return exitCodes.ok;
  },
};
