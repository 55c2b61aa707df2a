import { exitCodes } from "./exit-codes.js";
import type { Io } from "./io.js";

/**
 * Runs one command line and gives the exit code. Everything it reads and writes goes through `io`.
 *
 * @param argv the words after `strands`
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const end = argv.indexOf("--");
  const switches = end < 0 ? argv : argv.slice(0, end);
  const manner = { json: switches.includes("--json"), debug: switches.includes("--debug") };
  const secrets: string[] = [];
  try {
    if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) return await printVersion(io);
    const { parseCommand } = await import("./parse-command.js");
    const parsed = await parseCommand(argv, io);
    switch (parsed.type) {
      case "done":
        return parsed.exitCode;
      case "mistake":
        (await import("./report-error.js")).reportMistake(parsed, io, manner);
        return exitCodes.usage;
      case "version":
        return await printVersion(io);
      case "command":
        return await parsed.command.run({ io, args: parsed.args, options: parsed.options, secrets });
    }
  } catch (error) {
    return await (await import("./report-error.js")).reportError(error, io, { ...manner, secrets });
  }
}

async function printVersion(io: Io): Promise<number> {
  const { version } = await import("./package-version.js");
  io.stdout.write(`${version()}\n`);
  return exitCodes.ok;
}

/** Runs the command line of this process and ends it with the right exit code. */
export async function runMain(): Promise<void> {
  const { processIo } = await import("./process-io.js");
  const { io, end } = processIo((code) => process.exit(code));
  process.exitCode = await end(await main(process.argv.slice(2), io));
}
