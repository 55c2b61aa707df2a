/** Puts colours around text, or does not. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/**
 * The style for one output. Colours are for terminals; `FORCE_COLOR` asks for them anyway (`0` and `false` forbid them),
 * `NO_COLOR` and `TERM=dumb` forbid them.
 */
export function styleFor(
  output: { readonly isTTY: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Style {
  return wantsColour(output, env) ? colours : plain;
}

function wantsColour(output: { readonly isTTY: boolean }, env: Readonly<Record<string, string | undefined>>): boolean {
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force.toLowerCase() !== "false";
  if ((env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb") return false;
  return output.isTTY;
}

function sgr(open: number, close: number): (text: string) => string {
  return (text) => (text === "" ? "" : `\u001b[${open}m${text}\u001b[${close}m`);
}

const colours: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
  cyan: sgr(36, 39),
};

const same = (text: string): string => text;

const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
