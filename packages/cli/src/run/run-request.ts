import { resolve } from "node:path";
import { type BudgetsSpec, type Durability, InputError, nearest } from "@strands/sdk";
import type { CommandContext } from "../command.js";
import { directoryOption } from "../directory-option.js";
import type { Manner } from "../render/screen.js";
import { type SessionPlace, sessionPlace } from "../session-place.js";

/** What `strands run` was asked to do. */
export interface RunRequest extends Manner {
  readonly file: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly ask: boolean;
  /** Absolute; `undefined` when it was not given. */
  readonly outDir: string | undefined;
  readonly force: boolean;
  readonly resume: string | undefined;
  readonly autoResume: boolean;
  readonly response: string | undefined;
  readonly interruptId: string | undefined;
  readonly action: "modify" | "reject" | undefined;
  readonly offline: boolean;
  /** Absolute. */
  readonly script: string | undefined;
  readonly budgets: BudgetsSpec;
  readonly place: SessionPlace;
  readonly durability: Durability | undefined;
  readonly saveSession: boolean;
  /** Switches that are taken and do nothing yet. */
  readonly withoutEffect: readonly string[];
}

/**
 * Reads the arguments of `strands run`.
 *
 * @throws InputError `INPUT_INVALID` when they contradict each other or cannot be read
 */
export function readRunRequest(context: CommandContext): RunRequest {
  const { args, options } = context;
  const { cwd } = context.io;
  const file = args[0];
  const resume = options.text("resume");
  // One of the choices, or the parser has refused it.
  const action = options.text("hitlAction") as RunRequest["action"];
  // A rejection needs no reason.
  const response = options.text("hitlResponse") ?? (action === "reject" ? "" : undefined);
  const interruptId = options.text("interrupt");
  const autoResume = options.flag("autoResume");
  const isResumed = resume !== undefined || autoResume;
  if (file === undefined && resume === undefined) {
    throw new InputError("There is nothing to run", { hint: "Name a workflow file, or a session with `--resume ID`." });
  }
  if (!isResumed && ((response ?? "") !== "" || interruptId !== undefined || action !== undefined)) {
    throw new InputError("An answer needs the session it is for", {
      hint: "Add `--resume ID` (`strands sessions list --status paused` shows ids) or `--auto-resume`.",
    });
  }
  if (interruptId !== undefined && response === undefined) {
    throw new InputError("`--interrupt` needs `--hitl-response`", { hint: "Give the answer to that question." });
  }
  if (action === "modify" && (response ?? "").trim() === "") {
    throw new InputError("`--hitl-action modify` needs `--hitl-response`", {
      hint: "Say what the step before should do better.",
    });
  }
  return {
    json: options.flag("json"),
    quiet: options.flag("quiet"),
    verbose: options.flag("verbose"),
    file,
    variables: readPairs(options.list("var"), "--var", "topic=tea"),
    ask: options.flag("ask"),
    outDir: absolute(directoryOption(options, "out"), cwd),
    force: options.flag("force"),
    resume,
    autoResume,
    response: isResumed ? response : undefined,
    interruptId,
    action,
    offline: options.flag("offline"),
    script: absolute(options.text("script"), cwd),
    budgets: readBudgets(options.list("budget")),
    place: sessionPlace(context),
    durability: options.text("durability") as Durability | undefined,
    saveSession: !options.denied("saveSession"),
    withoutEffect: ["trace", "bypassToolConsent"].filter((name) => options.flag(name)).map(switchName),
  };
}

function absolute(path: string | undefined, cwd: string): string | undefined {
  return path === undefined ? undefined : resolve(cwd, path);
}

function switchName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `name=value` pairs; both sides are trimmed, the last one of a name wins. */
function readPairs(pairs: readonly string[], option: string, example: string): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at)).trim();
    if (at < 0 || name === "") {
      throw new InputError(`\`${option} ${pair}\` is not of the form name=value`, {
        hint: `For example \`${option} ${example}\`.`,
      });
    }
    values.set(name, pair.slice(at + 1).trim());
  }
  return Object.fromEntries(values);
}

const budgetNames = ["max_steps", "max_tokens", "max_duration_s"] as const;

function readBudgets(pairs: readonly string[]): BudgetsSpec {
  const budgets: Partial<Record<(typeof budgetNames)[number], number>> = {};
  for (const [given, text] of Object.entries(readPairs(pairs, "--budget", "max_tokens=20000"))) {
    const name = budgetNames.find((candidate) => candidate === given || candidate === `max_${given}`);
    if (name === undefined) {
      const near = nearest(given, budgetNames);
      throw new InputError(`\`${given}\` is not a budget`, {
        hint: near === undefined ? `Use one of: ${budgetNames.join(", ")}.` : `Did you mean \`${near}\`?`,
      });
    }
    const value = Number(text);
    const whole = name !== "max_duration_s";
    if (!(value > 0 && (whole ? Number.isSafeInteger(value) : Number.isFinite(value)))) {
      throw new InputError(`\`--budget ${given}=${text}\` is not usable`, {
        hint: `Give a ${whole ? "whole " : ""}number above 0.`,
      });
    }
    budgets[name] = value;
  }
  return budgets;
}
