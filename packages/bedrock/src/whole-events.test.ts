import { describe, expect, it } from "vitest";
import { wholeEvents } from "./whole-events.js";

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function message(length: number): Buffer {
  const bytes = Buffer.alloc(length, 7);
  bytes.writeUInt32BE(length);
  return bytes;
}

async function read(bytes: Uint8Array, size: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of wholeEvents(chunks(bytes, size))) parts.push(part);
  return Buffer.concat(parts);
}

describe("wholeEvents", () => {
  it.each([1, 2, 3, 5, 16, 17, 1000])("gives the same bytes, in chunks of %i", async (size) => {
    const bytes = Buffer.concat([message(16), message(21), message(300)]);
    expect(await read(bytes, size)).toEqual(bytes);
  });

  it.each([1, 3, 4, 15, 16 + 2, 16 + 20])("knows an end after %i bytes for one in the middle", async (length) => {
    const bytes = Buffer.concat([message(16), message(21)]).subarray(0, length);
    await expect(read(bytes, 7)).rejects.toMatchObject({ kind: "cut_off" });
  });

  it("refuses an event by the length it claims, before it comes", async () => {
    const large = message(16);
    large.writeUInt32BE(1024 * 1024 + 1);
    await expect(read(large, 16)).rejects.toMatchObject({ kind: "unreadable" });
    expect(await read(message(1024 * 1024), 65_536)).toHaveLength(1024 * 1024);
    await expect(read(Buffer.from([0, 0, 0, 15]), 4)).rejects.toMatchObject({ kind: "unreadable" });
  });

  it("refuses more than 16 MiB in all", async () => {
    const bytes = Buffer.concat(Array.from({ length: 17 }, () => message(1024 * 1024)));
    await expect(read(bytes, 65_536)).rejects.toMatchObject({
      kind: "unreadable",
      message: "more than 16777216 bytes",
    });
  });
});
