import type { Io } from "./io.js";
import type { OptionValues } from "./option-values.js";

/** One argument as help shows it, `<required>`, `[optional]` or `<several...>`. */
export interface CommandArgument {
  readonly name: string;
  readonly description: string;
}

/** One option. */
export interface CommandOption {
  /** As help shows it, for example `-r, --resume <id>`. */
  readonly flags: string;
  readonly description: string;
  /** May be given several times; its value is a list. */
  readonly repeatable?: boolean;
  /** The values it takes. */
  readonly choices?: readonly string[];
}

/** What a command gets. */
export interface CommandContext {
  readonly io: Io;
  readonly args: readonly string[];
  readonly options: OptionValues;
  /** Values that must not be printed; a command adds those it comes to know. Errors are printed without them too. */
  readonly secrets: string[];
}

/** A command: what help says, and what it does. */
export interface Command {
  readonly description: string;
  readonly arguments: readonly CommandArgument[];
  readonly options: readonly CommandOption[];
  /** Whole command lines that work. */
  readonly examples: readonly string[];
  /** More to know, after the examples. */
  readonly notes?: string;
  /** Gives the exit code. Throws errors; it prints none. */
  readonly run: (context: CommandContext) => Promise<number>;
}

/** One row of the table of commands: all that the list of commands needs, and how to load the rest. */
export type CommandRow = {
  readonly name: string;
  readonly summary: string;
} & (
  | { readonly load: () => Promise<Command> }
  | { readonly rows: readonly CommandRow[]; readonly examples: readonly string[] }
);

/** Options that every command has. */
export const commonOptions: readonly CommandOption[] = [
  { flags: "--json", description: "print one JSON document on stdout, errors included" },
  { flags: "-v, --verbose", description: "say more on stderr" },
  { flags: "--debug", description: "show stack traces of errors" },
];

/** Where sessions are looked for. */
export const storageOptions: readonly CommandOption[] = [
  {
    flags: "--storage <address>",
    description:
      "where sessions live: file:DIR, sqlite:FILE, postgres://HOST/DB or s3://BUCKET/PREFIX (default: STRANDS_STORAGE)",
  },
  {
    flags: "--session-dir <dir>",
    description: "short for file:DIR (default: STRANDS_SESSION_DIR, else the data directory of the platform)",
  },
];
