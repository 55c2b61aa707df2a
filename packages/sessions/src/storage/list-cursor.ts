import type { SessionSummary } from "@strands/core";
import { InputError } from "@strands/core";

/** Where a session stands in the list. */
export type ListPlace = Pick<SessionSummary, "id" | "createdAt">;

export function newestFirst(a: ListPlace, b: ListPlace): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** The cursor of the page behind a session. */
export function cursorBehind({ createdAt, id }: ListPlace): string {
  return `${createdAt}.${id}`;
}

/** @throws `INPUT_INVALID` */
export function parseCursor(cursor: string): ListPlace {
  const [, createdAt, id] = /^(\d+(?:\.\d+)?(?:e\+?\d+)?)\.([A-Za-z0-9_-]{1,128})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) {
    throw new InputError("The cursor is not one that a page gave", {
      hint: "Pass `next` of the page before, unchanged.",
    });
  }
  return { createdAt: Number(createdAt), id };
}
