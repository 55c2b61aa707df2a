/** Any text, in a constraint that still lets editors offer the names before it. */
export type AnyText = string & {};

/**
 * A declared name, or the sentence a compiler shows when there is no such name. Names only known at run time pass.
 *
 * @typeParam Also names that count besides the declared ones
 */
export type Known<
  Name extends string,
  All extends readonly string[],
  Kind extends string,
  Also extends string = never,
> = Name extends All[number] | Also
  ? Name
  : string extends Name
    ? Name
    : `There is no ${Kind} \`${Name}\`. Declared: ${Listed<All>}`;

/** A name that is not taken yet, or the sentence that says it is. */
export type Fresh<Name extends string, All extends readonly string[], Kind extends string> = string extends Name
  ? Name
  : string extends All[number]
    ? Name
    : Name extends All[number]
      ? `The ${Kind} \`${Name}\` is declared twice`
      : Name;

/** The first names, for a message. The compiler makes up messages that nobody sees, so this is short and has no recursion. */
type Listed<Names extends readonly string[]> = Names extends { readonly 0: infer Name extends string }
  ? `\`${Name}\`${Next<Names, 1>}${Next<Names, 2>}${Next<Names, 3>}${Next<Names, 4>}${Next<Names, 5>}${More<Names>}`
  : "none";

type Next<Names extends readonly string[], Index extends number> = Names extends {
  readonly [Key in Index]: infer Name extends string;
}
  ? ` | \`${Name}\``
  : "";

type More<Names extends readonly string[]> = Names extends { readonly 6: string } ? " and more" : "";
