import { StrandsError } from "@strands/core";

/** Tables that a newer version of this code made. */
export function newerSchema(place: string, version: number, known: number): StrandsError {
  return new StrandsError(
    "SESSION_VERSION_UNKNOWN",
    `\`${place}\` holds session tables of version \`${version}\`; this version of Strands knows \`${known}\``,
    { hint: "They were made by a newer version of Strands: update, then try again." },
  );
}
