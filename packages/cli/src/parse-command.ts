import { CommanderError, Option, Command as Parser } from "commander";
import { type Command, type CommandOption, type CommandRow, commonOptions } from "./command.js";
import { commandTable } from "./command-table.js";
import type { Io } from "./io.js";
import { OptionValues } from "./option-values.js";

/** What the command line asks for. */
export type ParsedCommand =
  | {
      readonly type: "command";
      readonly command: Command;
      readonly args: readonly string[];
      readonly options: OptionValues;
    }
  /** Help or nothing; what there was to print has been printed. */
  | { readonly type: "done"; readonly exitCode: number }
  | { readonly type: "version" }
  | { readonly type: "mistake"; readonly message: string; readonly help: string };

type Found = Extract<ParsedCommand, { type: "command" }>;

/** Reads the command line. Of all commands only the one that is named is loaded. */
export async function parseCommand(argv: readonly string[], io: Io): Promise<ParsedCommand> {
  let found: Found | undefined;
  const root = newParser(io);
  const words = argv.filter((word) => !word.startsWith("-"));
  const named = words[0] === "help" ? words.slice(1) : words;
  const onFound = (command: Found): void => {
    found = command;
  };
  await addRows(root, commandTable, named, onFound);
  try {
    root.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "strands.version") return { type: "version" };
    if (error.code.startsWith("commander.help")) return { type: "done", exitCode: error.exitCode === 0 ? 0 : 2 };
    return { type: "mistake", message: plainMessage(error), help: helpCommand(named) };
  }
  return found ?? { type: "done", exitCode: 0 };
}

function newParser(io: Io): Parser {
  const width = (output: { readonly isTTY: boolean; readonly columns: number }): number =>
    output.isTTY ? Math.min(120, Math.max(40, output.columns)) : 100;
  return new Parser("strands")
    .description("Run multi-agent workflows from YAML or JSON files: durable, resumable, with people in the loop.")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => width(io.stdout),
      getErrHelpWidth: () => width(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .option("-V, --version", "print the version")
    .on("option:version", () => {
      throw new CommanderError(0, "strands.version", "");
    })
    .addHelpText("after", rootHelp);
}

const rootHelp = `
Examples:
  strands run workflow.yaml --var topic="tea"
  strands run workflow.yaml --offline              see it work without a key
  strands run --resume <id> --hitl-response "yes"
  strands sessions list --status paused

Results go to stdout, everything else to stderr.

Exit codes:
  0 ok · 2 usage · 3 workflow file · 10 failed · 12 output files · 17 session · 18 unsupported
  19 waiting for an answer · 20 budget · 70 a bug of ours · 129, 130, 143 stopped

Environment:
  STRANDS_STORAGE             where sessions live: file:DIR, sqlite:FILE, postgres://..., s3://BUCKET/PREFIX
  STRANDS_SESSION_DIR         short for file:DIR
  STRANDS_OFFLINE=1           answer with the embedded offline model
  STRANDS_OFFLINE_SEED        another seed gives other answers
  STRANDS_OFFLINE_LATENCY_MS  wait before each piece of simulated text
  NO_COLOR, FORCE_COLOR       never or always use colours
`;

async function addRows(
  parent: Parser,
  rows: readonly CommandRow[],
  named: readonly string[],
  onFound: (found: Found) => void,
): Promise<void> {
  for (const row of rows) {
    const parser = parent.command(row.name).summary(row.summary).description(row.summary);
    if (row.name !== named[0]) continue;
    if ("rows" in row) {
      parser
        .description(`${row.summary[0]?.toUpperCase()}${row.summary.slice(1)}.`)
        .addHelpText("after", examplesText(row.examples));
      await addRows(parser, row.rows, named.slice(1), onFound);
    } else {
      describe(parser, await row.load(), onFound);
    }
  }
}

function describe(parser: Parser, command: Command, onFound: (found: Found) => void): void {
  parser.description(command.description);
  for (const { name, description } of command.arguments) parser.argument(name, description);
  for (const option of [...command.options, ...commonOptions]) parser.addOption(toOption(option));
  parser.addHelpText(
    "after",
    examplesText(command.examples) + (command.notes === undefined ? "" : `\n${command.notes}\n`),
  );
  parser.action(() => {
    onFound({ type: "command", command, args: parser.args, options: new OptionValues(parser.opts()) });
  });
}

function toOption({ flags, description, repeatable, choices }: CommandOption): Option {
  const option = new Option(flags, description);
  if (choices !== undefined) option.choices([...choices]);
  if (repeatable === true) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  ${example}\n`).join("")}`;
}

function plainMessage(error: CommanderError): string {
  return error.message.replace(/^error: /, "").replace(/\n\((.*)\)$/s, ". $1");
}

function helpCommand(named: readonly string[]): string {
  const path: string[] = [];
  let rows = commandTable;
  for (const name of named) {
    const row = rows.find((candidate) => candidate.name === name);
    if (row === undefined) break;
    path.push(name);
    rows = "rows" in row ? row.rows : [];
  }
  return ["strands", ...path, "--help"].join(" ");
}
