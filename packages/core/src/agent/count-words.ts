const space = 32;
const noBreakSpace = 160;

/** Number of words separated by white space: the size of a text as templates know it. */
export function countWords(text: string): number {
  let words = 0;
  let inside = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const blank = code <= space || code === noBreakSpace || (code > 0x1fff && /\s/.test(text[index] ?? ""));
    if (blank) inside = false;
    else if (!inside) {
      inside = true;
      words += 1;
    }
  }
  return words;
}
