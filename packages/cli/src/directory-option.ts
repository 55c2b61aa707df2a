import { InputError } from "@strands/sdk";
import type { OptionValues } from "./option-values.js";

/**
 * The directory given for an option; `undefined` when it was not given.
 *
 * @throws InputError `INPUT_INVALID` when it is empty, as from a variable of the shell that is not set
 */
export function directoryOption(options: OptionValues, name: "out" | "sessionDir"): string | undefined {
  return filledText(options, name, name === "out" ? "--out" : "--session-dir", "a directory");
}

/** The same for the address of a storage. */
export function storageOption(options: OptionValues): string | undefined {
  return filledText(options, "storage", "--storage", "an address");
}

function filledText(options: OptionValues, name: string, flag: string, what: string): string | undefined {
  const text = options.text(name);
  if (text === undefined || text.trim() !== "") return text;
  throw new InputError(`\`${flag}\` needs ${what}, and was given an empty text`, {
    hint: `Name ${what}, or leave the option out.`,
  });
}
