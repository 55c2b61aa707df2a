/** Header names in any spelling, as `Headers` or a plain object holds them. */
export type HeaderSource = Headers | Readonly<Record<string, string | undefined>>;

/**
 * How long the other side asks us to wait, in milliseconds: `retry-after-ms`, or `retry-after` as seconds or a date
 * (RFC 9110, section 10.2.3).
 *
 * @param now milliseconds since the epoch, to read a date by
 */
export function retryAfterMs(headers: HeaderSource | undefined, now: number): number | undefined {
  const ms = amount(header(headers, "retry-after-ms"));
  if (ms !== undefined) return ms;
  const text = header(headers, "retry-after");
  const seconds = amount(text);
  if (seconds !== undefined) return seconds * 1000;
  const date = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A header that is a text, found without regard to case. */
export function header(headers: HeaderSource | undefined, name: string): string | undefined {
  if (headers === undefined) return undefined;
  const found: unknown =
    typeof headers.get === "function"
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === "string" ? found : undefined;
}

function amount(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  return Number(text);
}
