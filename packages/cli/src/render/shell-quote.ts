/** A text as one word of a POSIX shell command (double quotes for `cmd.exe`). */
export function shellQuote(text: string, platform: string = "linux"): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text) || (platform === "win32" && /^[A-Za-z0-9_@+=:,.\\/-]+$/.test(text)))
    return text;
  if (platform === "win32") return `"${text.replaceAll('"', '\\"')}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
