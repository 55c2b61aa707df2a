import {
  fitsInputType,
  type InputDeclaration,
  InputError,
  type InputType,
  type JsonValue,
  quoteValue,
} from "@strands/core";

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  "1": true,
  false: false,
  no: false,
  n: false,
  "0": false,
};

/**
 * A variable given as text, as the type it is declared with. Without a declaration, or declared as a string, it stays
 * text. Lists and objects are given as JSON.
 *
 * @throws InputError `INPUT_INVALID` when the text is not of that type.
 */
export function convertVariable(name: string, declaration: InputDeclaration | undefined, text: string): JsonValue {
  const type = declaration === undefined || typeof declaration === "string" ? declaration : declaration.type;
  if (type === undefined || type === "string") return text;
  const value = read(type, text.trim());
  if (value === undefined || !fitsInputType(value, type)) throw notOfType(name, type, text);
  return value;
}

function read(type: InputType, text: string): JsonValue | undefined {
  switch (type) {
    case "string":
      return text;
    case "number":
      return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
        ? Number(text)
        : undefined;
    case "integer":
      return /^[-+]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case "boolean": {
      const key = text.toLowerCase();
      return Object.hasOwn(truths, key) ? truths[key] : undefined;
    }
    case "array":
    case "object":
      return readJson(text);
  }
}

function readJson(text: string): JsonValue | undefined {
  try {
    // `__proto__` as a key would become a property like any other; nobody needs it.
    return JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value)) as JsonValue;
  } catch {
    return undefined;
  }
}

const examples: Readonly<Record<InputType, string>> = {
  string: "text",
  number: "a number such as `0.5`",
  integer: "a whole number such as `3`",
  boolean: "`true` or `false`",
  array: 'a JSON list such as `["a", "b"]`',
  object: 'a JSON object such as `{"a": 1}`',
};

/** The error for a variable that is not of its declared type. */
export function notOfType(name: string, type: InputType, value: unknown): InputError {
  return new InputError(`variable ${quoteValue(name)} is declared as \`${type}\`, but ${quoteValue(value)} is none`, {
    hint: `Give it ${examples[type]}.`,
    details: { variable: name, type },
  });
}
