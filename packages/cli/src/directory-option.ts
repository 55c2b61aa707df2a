import { InputError } from "@strands/sdk";
import type { OptionValues } from "./option-values.js";

/**
 * The directory given for an option; `undefined` when it was not given.
 *
 * @throws InputError `INPUT_INVALID` when it is empty, as from a variable of the shell that is not set
 */
export function directoryOption(options: OptionValues, name: "out" | "sessionDir"): string | undefined {
  const directory = options.text(name);
  if (directory === undefined || directory.trim() !== "") return directory;
  throw new InputError(
    `\`--${name === "out" ? "out" : "session-dir"}\` needs a directory, and was given an empty text`,
    {
      hint: "Name a directory, or leave the option out.",
    },
  );
}
