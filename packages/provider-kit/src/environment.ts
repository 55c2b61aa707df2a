/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The first of these variables that is set and not blank, without the space around its value. */
export function findVariable(
  env: Environment,
  names: readonly string[],
): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}
