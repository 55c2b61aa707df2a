/** Longer words than this are data rather than names, and get no suggestion. */
const maxWordLength = 64;

/**
 * The candidate a misspelt word most likely meant, or `undefined` when none is close.
 *
 * Close means few single-character edits, counting two swapped neighbours as one: one edit for words of three to five
 * characters, two up to eight, three beyond that. A difference in case or in `-` against `_` counts as no edit at all.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > maxWordLength) return undefined;
  const wanted = fold(word);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate === word || candidate.length > maxWordLength) continue;
    const folded = fold(candidate);
    const limit = Math.min(allowedEdits(Math.max(wanted.length, folded.length)), bestDistance - 1);
    if (limit < 0 || Math.abs(folded.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, folded, limit);
    if (distance > limit) continue;
    best = candidate;
    bestDistance = distance;
    if (distance === 0) break;
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}

function allowedEdits(length: number): number {
  if (length < 3) return 0;
  if (length < 6) return 1;
  return length < 9 ? 2 : 3;
}

/** Optimal string alignment distance, given up as soon as it must exceed `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let lowest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(previous, j) + 1, at(current, j - 1) + 1, at(previous, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforePrevious, j - 2) + 1);
      }
      current.push(cost);
      if (cost < lowest) lowest = cost;
    }
    if (lowest > limit) return lowest;
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
