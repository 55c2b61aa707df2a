import type { Entry } from "@strands/core";
import { entryVersion } from "@strands/core";
import { encodeBody } from "../storage/encode-body.js";
import { blobName } from "./durable-files.js";
import { sealLine } from "./sealed-line.js";

/** Bodies longer than this, in bytes of their JSON, are kept as blobs. */
const maxInlineBytes = 65_536;

export interface EncodedEntries {
  readonly text: string;
  /** Sum of the last line. */
  readonly sum: number;
  /** What has to be kept before the lines are written. */
  readonly blobs: readonly Blob[];
}

/** A long body, under the name its line gives it. */
export interface Blob {
  readonly name: string;
  readonly json: string;
}

/**
 * The lines of one append. All but the last carry `more`: readers count none of them before the last is there.
 * @throws `INPUT_INVALID` when an entry cannot be stored
 */
export function encodeEntries(entries: readonly Entry[], seed: number): EncodedEntries {
  const blobs: Blob[] = [];
  const keep = (json: string): string => {
    const name = blobName(json);
    blobs.push({ name, json });
    return name;
  };
  let text = "";
  let sum = seed;
  const last = entries.length - 1;
  for (let i = 0; i <= last; i += 1) {
    const entry = entries[i] as Entry;
    const body = encodeBody(entry);
    const more = i === last ? "" : ',"more":true';
    const content = isLong(body) ? `"blob":"${keep(body)}"` : `"body":${body}`;
    const line = sealLine(
      `{"v":${entryVersion},"seq":${entry.seq},"epoch":${entry.epoch},"key":${JSON.stringify(entry.key)},"kind":"${entry.kind}","at":${entry.at}${more},${content}`,
      sum,
    );
    text += line.text;
    sum = line.sum;
  }
  return { text, sum, blobs };
}

function isLong(json: string): boolean {
  return json.length > maxInlineBytes || (json.length * 3 > maxInlineBytes && Buffer.byteLength(json) > maxInlineBytes);
}
