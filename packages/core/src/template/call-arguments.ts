import { runtimeFault } from "./template-fault.js";
import type { CallArguments } from "./values.js";
import { isIndex, numberOf, typeName } from "./values.js";

/** No arguments at all. */
export const noArguments: CallArguments = Object.freeze({ args: Object.freeze([]), kwargs: undefined });

/** Gives arguments to parameters by position and by name; an absent one is `undefined`. */
export function bindArguments(
  call: CallArguments,
  owner: string,
  names: readonly string[],
  required = 0,
): readonly unknown[] {
  if (call.args.length > names.length) {
    throw runtimeFault(
      `\`${owner}\` takes ${names.length === 0 ? "no arguments" : `at most ${names.length}`}, not ${call.args.length}`,
    );
  }
  const bound: unknown[] = [...call.args];
  for (const [name, value] of call.kwargs ?? []) {
    const index = names.indexOf(name);
    if (index < 0) throw runtimeFault(`\`${owner}\` has no argument \`${name.slice(0, 60)}\``, namesHint(names));
    if (bound[index] !== undefined) throw runtimeFault(`\`${owner}\` got the argument \`${name}\` twice`);
    bound[index] = value;
  }
  for (let index = 0; index < required; index++) {
    if (bound[index] === undefined) throw runtimeFault(`\`${owner}\` needs the argument \`${names[index]}\``);
  }
  return bound;
}

function namesHint(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `It knows ${names.map((name) => `\`${name}\``).join(", ")}.`;
}

/** A text argument. */
export function textArgument(value: unknown, owner: string): string {
  if (typeof value === "string") return value;
  throw runtimeFault(`\`${owner}\` needs text, not a ${typeName(value)}`);
}

/** A whole-number argument, with a default for an absent one. */
export function intArgument(value: unknown, owner: string, usual?: number): number {
  if (value === undefined && usual !== undefined) return usual;
  if (!isIndex(value)) throw runtimeFault(`\`${owner}\` needs a whole number, not a ${typeName(value)}`);
  return numberOf(value) ?? 0;
}
