/** Any text, in a constraint that still lets editors offer the names before it. */
export type AnyText = string & {};

/** A declared name, or the sentence a compiler shows when there is no such name. Names only known at run time pass. */
export type Known<Name extends string, All extends readonly string[], Kind extends string> = Name extends All[number]
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

type Listed<Names extends readonly string[], Text extends string = ""> = Names extends readonly [
  infer Name extends string,
  ...infer Rest extends readonly string[],
]
  ? Listed<Rest, Text extends "" ? `\`${Name}\`` : `${Text} | \`${Name}\``>
  : Text extends ""
    ? "none"
    : Text;
