const notPlain = /[^\t\n\r\x20-\x7e]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** Removes control characters except tab, LF and CR, then composes characters (NFC). Every rendered text goes through here. */
export function cleanOutput(text: string): string {
  return notPlain.test(text) ? text.replace(control, "").normalize("NFC") : text;
}

/** Whether text takes more than so many bytes as UTF-8. */
export function exceedsBytes(text: string, maxBytes: number): boolean {
  if (text.length * 3 <= maxBytes) return false;
  let bytes = 0;
  for (let index = 0; index < text.length && bytes <= maxBytes; index++) {
    const unit = text.charCodeAt(index);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
  }
  return bytes > maxBytes;
}
