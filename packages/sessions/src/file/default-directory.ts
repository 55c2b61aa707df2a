import { posix, win32 } from "node:path";

/**
 * The directory sessions live in when nobody says otherwise: `STRANDS_SESSION_DIR`, else what the platform expects.
 * Reads nothing but its arguments.
 */
export function defaultSessionDirectory(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: string,
): string {
  const chosen = env["STRANDS_SESSION_DIR"];
  if (chosen !== undefined && chosen !== "") return chosen;
  switch (platform) {
    case "win32": {
      const local = env["LOCALAPPDATA"];
      const base = local !== undefined && win32.isAbsolute(local) ? local : win32.join(home, "AppData", "Local");
      return win32.join(base, "strands", "sessions");
    }
    case "darwin":
      return posix.join(home, "Library", "Application Support", "strands", "sessions");
    default: {
      const data = env["XDG_DATA_HOME"];
      // The XDG specification: a relative path is to be ignored.
      const base = data !== undefined && posix.isAbsolute(data) ? data : posix.join(home, ".local", "share");
      return posix.join(base, "strands", "sessions");
    }
  }
}
