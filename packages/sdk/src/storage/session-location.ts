import { homedir } from "node:os";
import { resolve } from "node:path";
import { InputError, type SessionRepository } from "@strands/core";
import { type Durability, defaultSessionDirectory } from "@strands/sessions/file";
import type { Environment } from "../environment.js";
import { openStorage } from "./open-storage.js";
import { parseStorage, type StorageAddress } from "./storage-address.js";

/** Where sessions live. */
export interface SessionLocation {
  /** A repository of your own. */
  readonly sessions?: SessionRepository | undefined;
  /**
   * `file:DIR`, `sqlite:FILE`, `postgres://...` or `s3://BUCKET/PREFIX`. @defaultValue `STRANDS_STORAGE`, else the session
   * directory
   */
  readonly storage?: string | undefined;
  /** Short for `file:DIR`. @defaultValue `STRANDS_SESSION_DIR`, else where the platform keeps data of applications */
  readonly sessionDirectory?: string | undefined;
  /** What relative paths start from. @defaultValue the working directory */
  readonly cwd?: string | undefined;
  /** What a recorded step survives: `full` a power cut, `process` the death of the process. @defaultValue "full" */
  readonly durability?: Durability | undefined;
  /** @defaultValue the environment of this process */
  readonly env?: Environment | undefined;
}

/**
 * The repository that options describe. Touches nothing before its first use.
 *
 * @throws InputError `INPUT_INVALID` when the address cannot be used, or two are given
 */
export function repositoryFor(location: SessionLocation): SessionRepository {
  return location.sessions ?? openStorage(storageAddress(location), { durability: location.durability });
}

/**
 * Where sessions are, by options and environment.
 *
 * @throws InputError `INPUT_INVALID` when the address cannot be used, or two are given
 */
export function storageAddress(location: SessionLocation): StorageAddress {
  const { storage, sessionDirectory, env = process.env, cwd = process.cwd() } = location;
  const [variable, directory] = [env["STRANDS_STORAGE"] ?? "", env["STRANDS_SESSION_DIR"] ?? ""];
  if (storage !== undefined && sessionDirectory !== undefined) throw two("a storage", "a session directory");
  if (storage !== undefined) return absolute(parseStorage(storage), cwd);
  if (sessionDirectory === undefined && variable !== "") {
    if (directory !== "") throw two("`STRANDS_STORAGE`", "`STRANDS_SESSION_DIR`");
    return absolute(parseStorage(variable, "STRANDS_STORAGE"), cwd);
  }
  const named = sessionDirectory ?? defaultSessionDirectory(env, process.platform, homedir());
  return absolute({ type: "file", directory: named }, cwd);
}

function absolute(address: StorageAddress, cwd: string): StorageAddress {
  if (address.type === "file") return { ...address, directory: resolve(cwd, address.directory) };
  return address.type === "sqlite" ? { ...address, file: resolve(cwd, address.file) } : address;
}

function two(one: string, other: string): InputError {
  return new InputError(`Both ${one} and ${other} say where sessions are`, {
    hint: "Give one of the two; a session directory is short for `file:DIR`.",
  });
}
