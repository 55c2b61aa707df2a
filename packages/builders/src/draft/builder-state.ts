import { InputError } from "@strands/core";
import type { SpecPath } from "../field/spec-path.js";
import type { Draft } from "./draft.js";

/** What a builder stands for: a draft, the place it adds to, and whose callback it belongs to. */
export interface BuilderState {
  readonly draft: Draft;
  /** Where steps go. */
  readonly at: SpecPath;
  /** Told apart by identity: every callback gets one of its own. */
  readonly origin: object;
}

const states = new WeakMap<object, BuilderState>();

/** A class of builders. They are not made with `new`: what one stands for is kept here, so that nobody can change it. */
export interface BuilderClass {
  readonly prototype: object;
}

/** A builder with its state, frozen. */
export function createBuilder<B extends object>({ prototype }: BuilderClass, state: BuilderState): B {
  return withState(Object.create(prototype) as B, state);
}

/** Gives a builder that was just made its state. */
export function withState<B extends object>(builder: B, state: BuilderState): B {
  states.set(builder, state);
  return Object.freeze(builder);
}

/** @throws {@link InputError} when a method is called on something else */
export function stateOf(builder: object): BuilderState {
  const state = states.get(builder);
  if (state !== undefined) return state;
  throw new InputError("This is not a builder", { hint: "Call the method on the builder it belongs to." });
}

/** A builder like this one, with another draft. */
export function withDraft<B extends object>(builder: B, draft: Draft): B {
  return createBuilder({ prototype: Object.getPrototypeOf(builder) as object }, { ...stateOf(builder), draft });
}

/**
 * The draft that a callback has made of a builder.
 *
 * @throws {@link InputError} when it returned something else than that builder with more in it
 */
export function draftOf(method: string, before: object, after: unknown): Draft {
  const state = typeof after === "object" && after !== null ? states.get(after) : undefined;
  if (state !== undefined && state.origin === stateOf(before).origin) return state.draft;
  throw new InputError(
    `The callback of \`${method}\` must return the builder it was given, with what was added to it`,
    {
      hint: `Write \`${method}(..., (builder) => builder.step(...))\` without braces, or return the last builder.`,
    },
  );
}
