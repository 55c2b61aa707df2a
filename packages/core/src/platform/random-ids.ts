import type { IdSource, Random } from "./ports.js";

/** Random ids: UUIDs, as the format's existing tools use. */
export const randomIds: IdSource = { next: () => inOnePiece(crypto.randomUUID()) };

/** Node gives an id as a tree of its pieces, seven times the size of the text, until somebody looks into it. */
function inOnePiece(text: string): string {
  text.charCodeAt(0);
  return text;
}

/** The platform's random numbers. Good for jitter, not for secrets. */
export const random: Random = () => Math.random();
