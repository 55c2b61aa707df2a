import {
  describeStorage,
  openSessions,
  type SessionLocation,
  type Sessions,
  storageAddress,
  storageSecrets,
} from "@strands/sdk";
import type { CommandContext } from "./command.js";
import { directoryOption, storageOption } from "./directory-option.js";

/** Where a command finds sessions. */
export interface SessionPlace {
  readonly location: SessionLocation;
  /** What the next command needs to find the same ones, as words that are not quoted yet. */
  readonly words: readonly string[];
}

/**
 * Reads `--storage`, `--session-dir` and the environment. From here on nothing shows the password of an address.
 *
 * @throws InputError `INPUT_INVALID`, before anything is run
 */
export function sessionPlace({ io, options, secrets }: Omit<CommandContext, "args">): SessionPlace {
  const storage = storageOption(options);
  const sessionDirectory = directoryOption(options, "sessionDir");
  const location = { storage, sessionDirectory, cwd: io.cwd, env: io.env };
  const address = storageAddress(location);
  secrets.push(...storageSecrets(address));
  if (storage !== undefined) return { location, words: ["--storage", describeStorage(address)] };
  if (sessionDirectory === undefined || address.type !== "file") return { location, words: [] };
  return { location, words: ["--session-dir", address.directory] };
}

/** The sessions of a place, to look at and to look after. */
export function sessionsOf({ location }: SessionPlace, { io }: Pick<CommandContext, "io">): Sessions {
  return openSessions({ ...location, owner: io.owner });
}
