/** JSON pointer (RFC 6901) of a path of keys and indexes; `""` is the whole document. */
export function toPointer(path: readonly (string | number)[]): string {
  let pointer = "";
  for (const part of path) pointer += `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return pointer;
}

/** The keys and indexes, as text, that a JSON pointer is made of. */
export function fromPointer(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
