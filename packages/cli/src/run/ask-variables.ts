import { InputError, type JsonValue, type LoadedWorkflow, StrandsError } from "@strands/sdk";
import { exitCodes } from "../exit-codes.js";
import { printable, printableLine } from "../render/printable-text.js";
import type { Screen } from "../render/screen.js";
import { withExitCode } from "../report-error.js";

/**
 * Asks for the inputs that have no value, one after the other.
 *
 * @throws InputError `INPUT_INVALID` when there is nobody to ask
 */
export async function askVariables(
  workflow: LoadedWorkflow,
  missing: readonly string[],
  screen: Screen,
): Promise<Readonly<Record<string, JsonValue>>> {
  const { io } = screen;
  if (!io.stdin.isTTY) {
    throw new InputError(
      `There is no value for ${missing.map((name) => `\`${name}\``).join(", ")}, and no terminal to ask`,
      {
        hint: `Add ${missing.map((name) => `--var ${name}=<value>`).join(" ")}, or give the inputs a \`default\`.`,
      },
    );
  }
  screen.always(`This workflow needs ${missing.length === 1 ? "a value" : `${missing.length} values`}:`);
  const values: Record<string, JsonValue> = {};
  for (const name of missing) values[name] = await askOne(workflow, name, screen);
  return values;
}

async function askOne(workflow: LoadedWorkflow, name: string, screen: Screen): Promise<JsonValue> {
  const declared = workflow.spec.inputs?.required?.[name];
  const { type, description, choices } =
    typeof declared === "object"
      ? { type: declared.type, description: declared.description, choices: declared.enum }
      : { type: declared ?? "string", description: undefined, choices: undefined };
  const { bold, dim, yellow } = screen.style;
  const kind = type === undefined || type === "string" ? "" : ` (${type})`;
  screen.always(
    `\n${bold(printableLine(name))}${dim(kind)}${description === undefined ? "" : `\n  ${printable(description)}`}`,
  );
  if (choices !== undefined)
    screen.always(`  One of: ${choices.map((choice) => printableLine(String(choice))).join(", ")}`);
  for (;;) {
    const text = await screen.io.stdin.ask("Enter value: ");
    if (text === undefined) {
      throw withExitCode(
        new InputError(`The input ended before \`${name}\` had a value`, { hint: `Add --var ${name}=<value>.` }),
        exitCodes.usage,
      );
    }
    try {
      const value = workflow.variables({ [name]: text.trim() }).given[name] ?? "";
      if (choices === undefined || choices.some((choice) => choice === value)) return value;
      screen.always(yellow(`  \`${printableLine(text.trim())}\` is not one of the choices.`));
    } catch (error) {
      if (!StrandsError.isInstance(error)) throw error;
      screen.always(yellow(`  ${printable(error.message)}. ${error.hint ?? ""}`));
    }
  }
}
