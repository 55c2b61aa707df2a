/** Keys whose values may hold an address with credentials, a key or a prompt; messages do not show them. */
const sensitive = new Set([
  "host",
  "base_url",
  "url",
  "endpoint",
  "headers",
  "env",
  "args",
  "command",
  "values",
  "default",
  "prompt",
  "authentication_info",
]);

/** Whether a value at this path is kept out of messages. */
export function isSensitive(path: readonly (string | number)[]): boolean {
  return path.some(
    (part, index) => typeof part === "string" && sensitive.has(part) && !(part === "env" && index === 0),
  );
}
