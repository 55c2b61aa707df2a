const titleExceptions: Readonly<Record<string, string>> = Object.freeze({
  "\u0149": "\u02bcN",
  "\u01c4": "\u01c5",
  "\u01c6": "\u01c5",
  "\u01c5": "\u01c5",
  "\u01c7": "\u01c8",
  "\u01c9": "\u01c8",
  "\u01c8": "\u01c8",
  "\u01ca": "\u01cb",
  "\u01cc": "\u01cb",
  "\u01cb": "\u01cb",
  "\u01f1": "\u01f2",
  "\u01f3": "\u01f2",
  "\u01f2": "\u01f2",
});

const anyUpper = /[\p{Uppercase}\p{Lt}]/u;

function titleLetter(letter: string): string {
  const special = titleExceptions[letter];
  if (special !== undefined) return special;
  // Georgian has capitals, but no sentence starts with one.
  if (letter >= "\u10d0" && letter <= "\u10ff") return letter;
  const [first = "", ...rest] = letter.toUpperCase();
  return first + rest.join("").toLowerCase();
}

function titleRun(run: string): string {
  const [first = ""] = run;
  return titleLetter(first) + run.toLowerCase().slice(first.toLowerCase().length);
}

/** Python's `str.title`: a letter after anything but a letter is raised, all others are lowered. */
export function titleCase(text: string): string {
  return text.replace(/\p{Cased}+/gu, titleRun);
}

/** Python's `str.capitalize`: the first character raised, the rest lowered. */
export function capitalize(text: string): string {
  const [first = ""] = text;
  return titleLetter(first) + text.toLowerCase().slice(first.toLowerCase().length);
}

/** Python's `str.swapcase`. */
export function swapCase(text: string): string {
  return text.replace(/\p{Cased}/gu, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}

/** Python's `str.istitle`. */
export function isTitle(text: string): boolean {
  return anyUpper.test(text) && !/(?<=\p{Cased})[\p{Uppercase}\p{Lt}]|(?<!\p{Cased})\p{Lowercase}/u.test(text);
}

/** Python's `str.islower`. */
export function isLower(text: string): boolean {
  return /\p{Cased}/u.test(text) && !anyUpper.test(text);
}

/** Python's `str.isupper`. */
export function isUpper(text: string): boolean {
  return /\p{Cased}/u.test(text) && !/[\p{Ll}\p{Lt}\p{Lowercase}]/u.test(text.replace(/[^\p{Cased}]/gu, ""));
}
