import { quoteValue } from "@strands/core";

const named: Readonly<Record<string, string>> = {
  "": "the workflow",
  "pattern.config": "the pattern's config",
};

/** How a message names a place: `steps[0]`, agent `writer`, `runtime`, the pattern's config. */
export function describePlace(path: readonly (string | number)[]): string {
  const known = named[path.join(".")];
  if (known !== undefined) return known;
  if (path[0] === "agents" && path.length >= 2) {
    const agent = `agent ${quoteValue(String(path[1]))}`;
    return path.length === 2 ? agent : `${quoteValue(tail(path.slice(2)))} of ${agent}`;
  }
  return quoteValue(tail(path[0] === "pattern" && path[1] === "config" ? path.slice(2) : path));
}

/** A path as text: `branches[1].steps[0]`. */
function tail(path: readonly (string | number)[]): string {
  let text = "";
  for (const part of path) text += typeof part === "number" ? `[${part}]` : text === "" ? part : `.${part}`;
  return text;
}
