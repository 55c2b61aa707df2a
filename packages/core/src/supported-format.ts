import { inactive } from "./spec/check-inactive.js";
import { patternTypes } from "./spec/check-pattern.js";
import { toPointer } from "./spec/check-pointer.js";
import { knownProviders } from "./spec/check-runtime.js";
import type { PatternType } from "./spec/spec.js";
import { filters } from "./template/filters.js";
import { conditionGlobalNames, globalNames } from "./template/globals.js";
import { tests } from "./template/tests.js";

/** What of the workflow format this version knows. */
export interface SupportedFormat {
  readonly patterns: readonly PatternType[];
  /** Names of providers; which of them are there is up to the client. */
  readonly providers: readonly string[];
  readonly filters: readonly string[];
  readonly tests: readonly string[];
  /** Functions templates may call, and those conditions may. */
  readonly functions: readonly string[];
  readonly conditionFunctions: readonly string[];
  /** Parts that are read but not acted on. */
  readonly inactive: readonly { readonly pointer: string; readonly message: string }[];
}

/** Reads what is supported off the tables that the engine itself works with. */
export function supportedFormat(): SupportedFormat {
  return {
    patterns: patternTypes,
    providers: knownProviders,
    filters: Object.keys(filters).sort(),
    tests: Object.keys(tests).sort(),
    functions: globalNames,
    conditionFunctions: conditionGlobalNames,
    inactive: inactive.map(({ path, what }) => ({ pointer: toPointer(path), message: what })),
  };
}
