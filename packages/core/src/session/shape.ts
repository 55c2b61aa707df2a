import { isTooDeep } from "../model/json-answer.js";
import { isCount } from "../model/usage.js";
import type { JsonValue } from "../spec/json.js";

/** Gives the members down to the first place that is not what it must be; `undefined` when there is none. */
export type Check = (value: unknown) => readonly string[] | undefined;

/** A check that also takes a field that is not there. */
export interface OptionalCheck extends Check {
  readonly optional: true;
}

/** A check for every field that may ever be written: what a type gains is a mistake here until it is checked. */
type Fields<T> = { readonly [F in keyof T]-?: object extends Pick<T, F> ? OptionalCheck : Check };

/** What goes through deeper values level by level would run out of stack. */
export const maxDataDepth = 500;
/** The last millisecond of `Date`. */
const lastTime = 8.64e15;
const here: readonly string[] = [];

/** A check of a value that has no fields. */
export const holds =
  /* @__NO_SIDE_EFFECTS__ */
    (test: (value: unknown) => boolean): Check =>
    (value) =>
      test(value) ? undefined : here;

export const text: Check = holds((value) => typeof value === "string");
export const time: Check = holds(isTime);
export const count: Check = holds(isCount);
export const yes: Check = holds((value) => value === true);
export const oneOf = /* @__NO_SIDE_EFFECTS__ */ (...values: readonly string[]): Check =>
  holds((value) => values.includes(value as string));
export const data: Check = holds((value) => value !== undefined && !isTooDeep(value as JsonValue, maxDataDepth));
export const members: Check = holds((value) => isObject(value) && !isTooDeep(value as JsonValue, maxDataDepth));

export const textMembers: Check = (value) => {
  if (!isObject(value)) return here;
  const bad = Object.keys(value).find((name) => typeof value[name] !== "string");
  return bad === undefined ? undefined : [bad];
};

/* @__NO_SIDE_EFFECTS__ */
export function optional(check: Check): OptionalCheck {
  const absentToo = (value: unknown): readonly string[] | undefined => (value === undefined ? undefined : check(value));
  return Object.assign(absentToo, { optional: true as const });
}

/* @__NO_SIDE_EFFECTS__ */
export function list(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return here;
    for (const [index, item] of value.entries()) {
      const bad = check(item);
      if (bad !== undefined) return [String(index), ...bad];
    }
    return undefined;
  };
}

/** An object with these fields. Others are left for those who know them. */
/* @__NO_SIDE_EFFECTS__ */
export function shape<T>(fields: Fields<T>): Check {
  const checks = Object.entries<Check>(fields);
  return (value) => {
    if (!isObject(value)) return here;
    for (const [field, check] of checks) {
      const bad = check(Object.hasOwn(value, field) ? value[field] : undefined);
      if (bad !== undefined) return [field, ...bad];
    }
    return undefined;
  };
}

/** Whether a value is a time in milliseconds since the epoch that a calendar can show. */
export function isTime(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= lastTime;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
