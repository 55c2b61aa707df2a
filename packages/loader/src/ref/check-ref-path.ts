/** Why a reference cannot be followed. */
export interface RefProblem {
  readonly code: string;
  readonly message: string;
  readonly suggestion?: string;
}

/** Judges the text of a reference, before any file is looked at. Rules are the same on every platform. */
export function checkRefPath(reference: string): RefProblem | undefined {
  const shape = (message: string, suggestion: string): RefProblem => ({ code: "ref_path", message, suggestion });
  const relative = "write a path relative to this file, with `/` between folders";
  if (reference.trim() === "") return shape("the reference is empty", relative);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a file name with one is a trick.
  if (/[\u0000-\u001f\u007f]/.test(reference)) return shape("the reference holds control characters", relative);
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference)) return shape("the reference is a URL or names a drive", relative);
  if (reference.includes("\\")) return shape("the reference holds a backslash", relative);
  if (reference.startsWith("/"))
    return { code: "ref_outside", message: "the reference is an absolute path", suggestion: relative };
  if (reference.startsWith("~")) return shape("`~` is not expanded in references", relative);
  return undefined;
}

/** Judges the kind of file a reference names, once it is clear that it stays where it may. */
export function checkRefKind(reference: string): RefProblem | undefined {
  if (/\.(?:ya?ml|json)$/i.test(reference)) return undefined;
  const message = "the reference is not a `.yaml`, `.yml` or `.json` file";
  return { code: "ref_path", message, suggestion: "reference the file of one agent, or of one schema" };
}
