import { readFile } from "node:fs/promises";
import { InputError } from "@strands/core";
import type { AnswerScript } from "./script/answer-script.js";
import { parseScript } from "./script/parse-script.js";

const maxBytes = 10 * 1024 * 1024;

/**
 * Reads scripted answers from a YAML or JSON file.
 *
 * @throws InputError `INPUT_INVALID` when the file cannot be read or is no script; the message says where
 */
export async function loadScript(path: string): Promise<AnswerScript> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`The script \`${path}\` cannot be read (${error.code ?? "error"})`, {
      hint: "Check the path of `--script`.",
      cause: error,
    });
  });
  if (text.length > maxBytes) throw new InputError(`The script \`${path}\` is larger than 10 MiB`);
  return parseScript(await readData(text, path), path);
}

async function readData(text: string, path: string): Promise<unknown> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { merge: true, logLevel: "error" });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = problem.linePos?.[0] ?? { line: 1, col: 1 };
    throw unreadable(`${path}:${line}:${col}`, problem);
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What the parser says: its first line without the place, which stands before it here, and without advice about its API. */
function unreadable(place: string, error: unknown): InputError {
  const said = error instanceof Error ? (/^.*?(?=;| at line \d|$)/m.exec(error.message)?.[0] ?? "") : "";
  return new InputError(`${place}: ${said}`, {
    hint: "A script is a map of step keys or agent ids to answers, in YAML or JSON.",
    cause: error,
  });
}
