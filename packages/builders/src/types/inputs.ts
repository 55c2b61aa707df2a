import type { InputDeclaration, InputType, JsonObject, JsonValue } from "@strands/core";

/** Declarations of inputs by name. */
export type Declarations = Readonly<Record<string, InputDeclaration>>;

/** What `declareInputs` takes. */
export interface DeclaredInputs<R extends Declarations = Declarations, O extends Declarations = Declarations> {
  /** Inputs that a run must be given, unless they have a default or a value here. */
  readonly required?: R;
  readonly optional?: O;
  readonly values?: Readonly<Record<string, JsonValue>>;
}

interface TypesByName {
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly array: readonly JsonValue[];
  readonly object: JsonObject;
}

type ValueOf<D> = D extends InputType
  ? TypesByName[D]
  : D extends { readonly enum: readonly (infer Choice)[] }
    ? Choice
    : D extends { readonly type: infer T extends InputType }
      ? TypesByName[T]
      : JsonValue;

type Widened<V> = V extends string ? string : V extends number ? number : V extends boolean ? boolean : JsonValue;

type Flat<T> = { readonly [Name in keyof T]: T[Name] };

/** Names of declarations whose value a run need not give. */
type Settled<D> = { [Name in keyof D]: D[Name] extends { readonly default: unknown } ? Name : never }[keyof D];

/** Inputs with declarations added. Those that have a value stay optional. */
export type WithDeclarations<Inputs extends object, R, O> = Flat<
  Omit<Inputs, keyof R | keyof O> & {
    readonly [Name in Exclude<keyof R, Settled<R> | keyof Inputs>]: ValueOf<R[Name]>;
  } & { readonly [Name in keyof R & (Settled<R> | keyof Inputs)]?: ValueOf<R[Name]> } & {
    readonly [Name in Exclude<keyof O, keyof R>]?: ValueOf<O[Name]>;
  }
>;

/** Inputs with values added: a run may leave these out. */
export type WithValues<Inputs extends object, V> = Flat<
  Omit<Inputs, keyof V> & {
    readonly [Name in keyof V]?: Name extends keyof Inputs ? Exclude<Inputs[Name], undefined> : Widened<V[Name]>;
  }
>;

/** What a run takes: the declared inputs; anything where none is declared. */
export type VariablesOf<Inputs extends object> = keyof Inputs extends never
  ? Readonly<Record<string, JsonValue>>
  : Inputs;
