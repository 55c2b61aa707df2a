import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The repository root. */
export const root = resolve(import.meta.dirname, "..", "..");

/** @param {...string} parts path below the repository root */
export function fromRoot(...parts) {
  return join(root, ...parts);
}

/**
 * Reads a JSON file below the root.
 * @param {...string} parts
 * @returns {any}
 */
export function readJson(...parts) {
  return JSON.parse(readFileSync(fromRoot(...parts), "utf8"));
}

/** The directory names under `packages/`, sorted. */
export function packageNames() {
  return readdirSync(fromRoot("packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * The environment tools run in: the repository's own binaries first on PATH, no telemetry, and colours only
 * for a terminal.
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnv(extra = {}) {
  const separator = process.platform === "win32" ? ";" : ":";
  return {
    ...process.env,
    PATH: `${fromRoot("node_modules", ".bin")}${separator}${process.env["PATH"] ?? ""}`,
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    ...(process.stdout.isTTY ? {} : { NO_COLOR: "1", FORCE_COLOR: undefined }),
    ...extra,
  };
}
