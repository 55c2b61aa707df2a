import childProcess from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TemplateError } from "../../src/error/errors.js";
import { evaluateCondition } from "../../src/template/condition.js";
import { renderTemplate } from "../../src/template/render-template.js";

interface Generated {
  readonly prefix?: string;
  readonly repeat: string;
  readonly n: number;
  readonly mid?: string;
  readonly repeat_close?: string;
  readonly suffix?: string;
}

interface HostileCase {
  readonly id: string;
  readonly cat: string;
  readonly mode: "template" | "condition" | "data" | "data_in" | "data_json" | "key" | "json";
  readonly expect: "no_leak" | "bounded" | "literal" | "literal_in" | "json_roundtrip" | "no_pollution";
  readonly payload?: string;
  readonly template?: string;
  readonly strict?: "error";
  readonly gen?: Generated;
  readonly vars?: Record<
    string,
    { readonly $gen: string; readonly n: number; readonly s?: string; readonly suffix?: string }
  >;
}

interface HostileFile {
  readonly context: Record<string, unknown>;
  readonly env_canary: Record<string, string>;
  readonly forbid_output: readonly string[];
  readonly limits: {
    readonly wall_ms_per_case: number;
    readonly output_bytes: number;
    readonly heap_growth_mb: number;
  };
  readonly cases: readonly HostileCase[];
}

const file = JSON.parse(
  readFileSync(new URL("../../../../conformance/templates/ssti.json", import.meta.url), "utf8"),
) as HostileFile;
const forbidden = file.forbid_output.map((pattern) => new RegExp(pattern, "m"));

const { exitCode } = process;

type Outcome = { readonly output: string } | { readonly error: unknown };

function attempt(run: () => unknown): Outcome {
  try {
    return { output: String(run()) };
  } catch (error) {
    return { error };
  }
}

function payloadOf({ payload, gen }: HostileCase): string {
  if (gen === undefined) return payload ?? "";
  const { prefix = "", repeat, n, mid = "", repeat_close: close = "", suffix = "" } = gen;
  return prefix + repeat.repeat(n) + mid + close.repeat(n) + suffix;
}

function variables({ vars = {} }: HostileCase): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(vars).map(([name, { $gen, n, s = "", suffix = "" }]) => {
      if ($gen === "repeat") return [name, s.repeat(n) + suffix];
      let nested: unknown[] = [];
      for (let level = 0; level < n; level++) nested = [nested];
      return [name, nested];
    }),
  );
}

function run(hostile: HostileCase): Outcome {
  const context: Record<string, unknown> = { ...structuredClone(file.context), ...variables(hostile) };
  const payload = payloadOf(hostile);
  switch (hostile.mode) {
    case "template":
      return attempt(() => renderTemplate(payload, context));
    case "condition":
      return attempt(() => evaluateCondition(payload, context));
    case "data":
    case "data_json":
      return attempt(() => renderTemplate(hostile.template ?? "", { ...context, v: payload }));
    case "data_in":
      return attempt(() => renderTemplate(hostile.template ?? "", { ...context, steps: [{ response: payload }] }));
    case "key":
      return attempt(() => {
        const keyed = Object.assign(Object.create(null) as Record<string, unknown>, context);
        Object.defineProperty(keyed, payload, { value: "mine", enumerable: true, configurable: true, writable: true });
        const shown = attempt(() => renderTemplate(`{{ ${payload} }}`, keyed));
        return renderTemplate("{{ topic }}", keyed) + ("output" in shown ? shown.output : "");
      });
    case "json":
      return attempt(() =>
        renderTemplate("{{ v }}{{ v | tojson }}{{ v | length }}", { ...context, v: JSON.parse(payload) }),
      );
  }
}

function expectTyped(outcome: Outcome): void {
  if (!("error" in outcome)) return;
  expect(outcome.error).toBeInstanceOf(TemplateError);
  // A wrapped host error would mean that something unforeseen was thrown inside the engine.
  const { cause } = outcome.error as TemplateError;
  expect(cause === undefined || cause instanceof TemplateError).toBe(true);
}

function expectHarmless(outcome: Outcome): void {
  expectTyped(outcome);
  const text = "output" in outcome ? outcome.output : (outcome.error as TemplateError).message;
  for (const pattern of forbidden) expect(text).not.toMatch(pattern);
}

function expectNoSideEffects(): void {
  expect((globalThis as Record<string, unknown>)["__pwned"]).toBeUndefined();
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(([] as unknown as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect((expectTyped as unknown as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(Object.keys(Object.prototype)).toHaveLength(0);
  expect(process.exitCode).toBe(exitCode);
}

/** The documented policy for what is rendered: no control characters, composed characters. */
function policy(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the policy removes
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, "").normalize("NFC");
}

describe("hostile templates, conditions and values", () => {
  const spawn = vi.spyOn(childProcess, "spawn");

  beforeAll(() => {
    for (const [name, value] of Object.entries(file.env_canary)) process.env[name] = value;
  });

  afterAll(() => {
    for (const name of Object.keys(file.env_canary)) delete process.env[name];
    expect(spawn).not.toHaveBeenCalled();
  });

  it("has every case", () => {
    expect(file.cases).toHaveLength(439);
  });

  it.each(file.cases)("$id $cat: $expect", (hostile) => {
    const heap = process.memoryUsage().heapUsed;
    const outcome = run(hostile);
    const grown = (process.memoryUsage().heapUsed - heap) / 2 ** 20;
    expectNoSideEffects();
    if ("output" in outcome) expect(Buffer.byteLength(outcome.output)).toBeLessThanOrEqual(file.limits.output_bytes);
    if (hostile.strict === "error") expect(outcome).toHaveProperty("error");
    switch (hostile.expect) {
      case "bounded":
        expectHarmless(outcome);
        expect(grown).toBeLessThan(file.limits.heap_growth_mb);
        break;
      case "no_leak":
      case "no_pollution":
        expectHarmless(outcome);
        break;
      case "literal":
        expect(outcome).toEqual({ output: policy(payloadOf(hostile)) });
        break;
      case "literal_in":
        expect(outcome).toEqual({ output: policy(payloadOf(hostile)) });
        break;
      case "json_roundtrip":
        expect("output" in outcome && JSON.parse(outcome.output)).toBe(payloadOf(hostile));
        break;
    }
  });

  it.each(file.cases.filter(({ cat }) => cat === "foreign-syntax"))(
    "$id does not evaluate the syntax of others",
    (hostile) => {
      const outcome = run(hostile);
      if ("output" in outcome) {
        expect(outcome.output).not.toMatch(/^\s*(49|25)\s*$|uid=/);
        expect(outcome.output).toBe(payloadOf(hostile));
      }
    },
  );
});
