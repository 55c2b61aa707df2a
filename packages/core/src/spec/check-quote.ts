const maxQuoted = 60;

/**
 * A value as messages show it: in backticks, on one line, cut to about 60 characters, and with every control, invisible
 * or text-direction character escaped so that it cannot act on a terminal.
 */
export function quoteValue(value: unknown): string {
  return `\`${escapeText(typeof value === "string" ? value : describe(value), maxQuoted)}\``;
}

/** Text with what could act on a terminal escaped, cut to `maxLength` characters. */
export function escapeText(text: string, maxLength: number): string {
  const characters = Array.from(text.slice(0, maxLength * 2 + 2));
  const cut = characters.length > maxLength || text.length > maxLength * 2 + 2;
  const shown = (cut ? characters.slice(0, maxLength) : characters).map(escapeCharacter).join("");
  return cut ? `${shown}…` : shown;
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "[…]";
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0 ? "{}" : "{…}";
  return String(value);
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "`": "'" };

function escapeCharacter(character: string): string {
  const replacement = Object.hasOwn(named, character) ? named[character] : undefined;
  if (replacement !== undefined) return replacement;
  if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
