/** A name of the file as a part of a key: `%` and `/` are percent-encoded, and `@`, which marks a revision. */
export function keyPart(name: string): string {
  return name.replace(/[%/@]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
