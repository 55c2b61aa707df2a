import type { JsonValue } from "./json.js";
import type { Spec } from "./spec.js";

declare const shape: unique symbol;
declare const interruptId: unique symbol;

/** What a type can know about the runs of a spec. It exists at compile time only. */
export interface SpecShape {
  /** Inputs by name, with those that a run must be given not optional. */
  readonly variables: object;
  /** Names of the pauses, as far as they have one. */
  readonly interrupts: string;
  /** `context` of a completed result. */
  readonly context: object;
}

/** A spec of which nothing is known, for example one from a file. */
export interface AnyShape extends SpecShape {
  readonly variables: Readonly<Record<string, JsonValue>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** A spec whose type knows its inputs, pauses and results: what a builder gives. Any spec is one. */
export interface BuiltSpec<S extends SpecShape> extends Spec {
  /** Never there at run time. */
  readonly [shape]?: S;
}

/** Id of a session that runs a spec of this shape. Any string is one. */
export type SessionId<S extends SpecShape = AnyShape> = string & { readonly [shape]?: S };

/** Id of an interrupt, told apart from misspelt names of pauses where the names are known. */
export type InterruptId = string & { readonly [interruptId]: true };

/** The shape of a built spec: `client.resume<ShapeOf<typeof spec>>(id)` types a session id that came from elsewhere. */
export type ShapeOf<T extends Spec> = typeof shape extends keyof T
  ? T extends BuiltSpec<infer S>
    ? S
    : AnyShape
  : AnyShape;
