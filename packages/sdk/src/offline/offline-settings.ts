import { InputError } from "@strands/core";

/** What the environment says about the offline model. */
export interface OfflineSettings {
  /** Whether every provider is replaced by the offline model. */
  readonly enabled: boolean;
  readonly seed: number;
  readonly latencyMs: number;
}

/**
 * Reads `STRANDS_OFFLINE`, `STRANDS_OFFLINE_SEED` and `STRANDS_OFFLINE_LATENCY_MS`. Unset and empty mean off, 0 and 0.
 *
 * @throws InputError `INPUT_INVALID` when a value cannot be used
 */
export function offlineSettings(env: Readonly<Record<string, string | undefined>>): OfflineSettings {
  return {
    enabled: readSwitch(env, "STRANDS_OFFLINE"),
    seed: readNumber(env, "STRANDS_OFFLINE_SEED", Number.MIN_SAFE_INTEGER),
    latencyMs: readNumber(env, "STRANDS_OFFLINE_LATENCY_MS", 0),
  };
}

function readSwitch(env: Readonly<Record<string, string | undefined>>, name: string): boolean {
  const value = (env[name] ?? "").trim();
  switch (value.toLowerCase()) {
    case "1":
    case "true":
    case "yes":
    case "on":
      return true;
    case "":
    case "0":
    case "false":
    case "no":
    case "off":
      return false;
    default:
      throw new InputError(`${name} is \`${value}\``, {
        hint: "Set it to 1 or true to use the offline model, or unset it.",
      });
  }
}

function readNumber(env: Readonly<Record<string, string | undefined>>, name: string, least: number): number {
  const text = (env[name] ?? "").trim();
  if (text === "") return 0;
  const value = Number(text);
  if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new InputError(`${name} is \`${text}\``, {
    hint: least === 0 ? "Give a whole number of milliseconds, 0 or more." : "Give a whole number.",
  });
}
