/** Cuts a text into pieces of about a word, as a model would stream it. Joined, they are the text. */
export function textPieces(text: string): string[] {
  return text.match(/\S{1,24}\s*|\s+/gu) ?? [];
}

/** What a text of this many characters costs, in tokens: a rough measure that is the same everywhere. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / 4);
}
