import type { SessionSummary } from "@strands/core";
import { foldSummary } from "@strands/core";
import { decodeEntries } from "../storage/entry-text.js";
import { damaged, parseStored } from "../storage/record-text.js";
import { versionUnknown } from "../storage/session-id.js";

/** Version of the objects of the log. */
const logVersion = 1;

/** One object of the log: its first line says what it is; the entries of an append are a line each. */
export type LogObject =
  | { readonly type: "claim"; readonly epoch: number; readonly purpose: "run" | "record"; readonly holder: string }
  | { readonly type: "entries"; readonly epoch: number; readonly texts: readonly string[] }
  /** The session was deleted. */
  | { readonly type: "end" };

/** @param token makes the text one of its writer alone */
export function encodeLogObject(object: LogObject, token: string): string {
  const { type } = object;
  const open = `{"v":${logVersion},"type":"${type}","token":"${token}"`;
  switch (type) {
    case "claim":
      return `${open},"epoch":${object.epoch},"purpose":"${object.purpose}","holder":${JSON.stringify(object.holder)}}\n`;
    case "entries":
      return `${open},"epoch":${object.epoch},"count":${object.texts.length}}\n${object.texts.join("\n")}\n`;
    case "end":
      return `${open}}\n`;
  }
}

/** @throws `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN` */
export function decodeLogObject(sessionId: string, slot: number, text: string): LogObject {
  const place = `log object ${slot}`;
  const lines = text.split("\n");
  const fields = parseStored(sessionId, place, lines[0] ?? "") as Readonly<Record<string, unknown>>;
  const { v, type, epoch, purpose, holder, count } = fields;
  if (typeof v === "number" && v > logVersion) throw versionUnknown(sessionId, place, `the version \`${v}\``);
  if (type === "end") return { type };
  if (typeof epoch === "number" && type === "entries") {
    const texts = lines.slice(1, -1);
    if (texts.length === count && lines.at(-1) === "") return { type, epoch, texts };
  }
  if (typeof epoch === "number" && type === "claim" && typeof holder === "string") {
    if (purpose === "run" || purpose === "record") return { type, epoch, purpose, holder };
  }
  throw damaged(sessionId, place, "a whole claim or append");
}

/** Where a reader of a log stands. */
export interface LogPlace {
  /** Number of the last object read. */
  readonly slot: number;
  readonly epoch: number;
  readonly seq: number;
  readonly summary: SessionSummary;
  /** Holder of the latest claim for the purpose `run`, whether it was released or not. */
  readonly runner: string | undefined;
  /** Numbers of the claims. They stay when the session is deleted. */
  readonly claims: readonly number[];
  readonly isOver: boolean;
}

/**
 * Reads on over the object of the next slot.
 * @throws `SESSION_CORRUPT`, `SESSION_VERSION_UNKNOWN`
 */
export function advance(sessionId: string, place: LogPlace, object: LogObject): LogPlace {
  const slot = place.slot + 1;
  switch (object.type) {
    case "end":
      return { ...place, slot, isOver: true };
    case "claim": {
      if (object.epoch !== place.epoch + 1) throw damaged(sessionId, `log object ${slot}`, `epoch ${place.epoch + 1}`);
      const runner = object.purpose === "run" ? object.holder : place.runner;
      return { ...place, slot, epoch: object.epoch, runner, claims: [...place.claims, slot] };
    }
    case "entries": {
      if (object.epoch !== place.epoch) throw damaged(sessionId, `log object ${slot}`, `epoch ${place.epoch}`);
      const entries = decodeEntries(sessionId, object.texts, place.seq + 1);
      return { ...place, slot, seq: place.seq + entries.length, summary: foldSummary(place.summary, entries) };
    }
  }
}
