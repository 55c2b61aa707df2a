import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "@strands/core";
import { createFileRepository } from "@strands/sessions/file";
import { modelEntry, sampleRecord, valueEntry } from "@strands/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failure, runClaim, segment1, storeSession, temporaryDirectory } from "./support/session-directory.js";

const segment2 = "journal-00000002.jsonl";

/** Where the lines of a file begin, and its end. */
function lineStarts(bytes: Buffer): readonly number[] {
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return starts;
}

describe("an unfinished tail", () => {
  it("is set aside wherever the last line was cut", async () => {
    const files = await storeSession(4);
    const whole = files.read();
    const start = lineStarts(whole).at(-2) as number;
    for (let length = start; length < whole.length; length += 1) {
      files.write(whole.subarray(0, length));
      const { entries, notices } = await files.open().load("one");
      expect(entries).toEqual(files.entries.slice(0, 3));
      expect(notices.length).toBe(length === start ? 0 : 1);
      if (length > start)
        expect(notices[0]).toContain(`${segment1} ends with an unfinished entry (${length - start} bytes`);
    }
  });

  it("is kept as it is when somebody goes on after it, and stays without effect", async () => {
    const files = await storeSession(4);
    const whole = files.read();
    const start = lineStarts(whole).at(-2) as number;
    for (let length = start; length < whole.length; length += 7) {
      const repository = files.open();
      for (const name of [segment2, "fence-00000002", "released-00000002"])
        rmSync(join(files.root, "one", name), { force: true });
      files.write(whole.subarray(0, length));
      const claim = await repository.claim("one", runClaim(1, 3));
      await claim.append(4, [modelEntry(4, 2, "again")]);
      await claim.release();
      const { entries, notices } = await files.open().load("one");
      expect(entries).toEqual([...files.entries.slice(0, 3), modelEntry(4, 2, "again")]);
      expect(notices).toEqual([]);
      expect(files.read()).toEqual(whole.subarray(0, length));
    }
  });

  it("takes all entries of one append with it, or none", async () => {
    const files = await storeSession(6, 3);
    const whole = files.read();
    const starts = lineStarts(whole);
    for (let length = starts[4] as number; length < whole.length; length += 1) {
      files.write(whole.subarray(0, length));
      expect((await files.open().load("one")).entries).toEqual(files.entries.slice(0, 3));
    }
  });

  it("may be bytes that never reached the disk", async () => {
    const files = await storeSession(3);
    const whole = files.read();
    files.write(Buffer.concat([whole, Buffer.alloc(300)]));
    const { entries, notices } = await files.open().load("one");
    expect(entries).toEqual(files.entries);
    expect(notices.length).toBe(1);
  });

  it("may miss any sectors of its append, header included: a disk writes them in any order", async () => {
    const wide = [1, 2, 3].map((seq) => modelEntry(seq, 2, `${seq} `.repeat(seq * 300)));
    for (const before of [0, 1]) {
      const { root, files, whole, begun } = await storeWide(wide, before);
      for (let from = begun, to = 0; from < whole.length; from = to) {
        to = Math.min(whole.length, (Math.floor(from / 512) + 1) * 512);
        files.write(Buffer.from(whole).fill(0, from, to), segment2);
        const repository = createFileRepository({ directory: root });
        const { entries, epoch, notices } = await repository.load("one");
        expect([from, entries.map(({ seq }) => seq), notices.length]).toEqual([from, [1, 2].slice(0, 1 + before), 1]);
        const claim = await repository.claim("one", runClaim(epoch, entries.length));
        await claim.append(entries.length + 1, [modelEntry(entries.length + 1, 3)]);
        await claim.release();
        expect((await files.open().load("one")).entries.length).toBe(entries.length + 1);
        for (const name of ["journal-00000003.jsonl", "fence-00000003"]) rmSync(join(root, "one", name));
      }
    }
  });

  it("may be a header that was never whole", async () => {
    const files = await storeSession(3);
    const repository = files.open();
    const claim = await repository.claim("one", runClaim(1, 3));
    await claim.release();
    const header = files.read(segment2);
    for (let length = 0; length < header.length; length += 1) {
      files.write(header.subarray(0, length), segment2);
      const { entries, epoch, notices } = await files.open().load("one");
      expect(entries).toEqual(files.entries);
      expect(epoch).toBe(2);
      expect(notices[0]).toContain("no whole header");
    }
    const next = await files.open().claim("one", runClaim(2, 3));
    await next.append(4, [modelEntry(4, 3)]);
    expect((await files.open().load("one")).entries).toEqual([...files.entries, modelEntry(4, 3)]);
    await next.release();
  });
});

describe("damage before the tail", () => {
  it("is found whatever byte it is in", async () => {
    const files = await storeSession(5);
    const whole = files.read();
    const tail = lineStarts(whole).at(-2) as number;
    await fc.assert(
      fc.asyncProperty(fc.nat(tail - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] as number) ^ flip;
        files.write(bytes);
        const error = await failure(files.open().load("one"));
        expect(error.code).toBe("SESSION_CORRUPT");
        expect(error.details).toMatchObject({ file: segment1 });
        expect((await failure(files.open().claim("one", runClaim(1, 5)))).code).toBe("SESSION_CORRUPT");
        rmSync(join(files.root, "one", "fence-00000002"), { force: true });
      }),
      {
        numRuns: 300,
        examples: lineStarts(whole)
          .slice(1, -1)
          .map((start) => [start - 1, 2] as [number, number]),
      },
    );
    files.write(whole);
    expect((await files.open().load("one")).entries).toEqual(files.entries);
  });

  it("is found where zeros stand that are no missing sectors of the last append", async () => {
    const wide = [1, 2, 3].map((seq) => modelEntry(seq, 2, `${seq} `.repeat(400)));
    const { files, whole, begun } = await storeWide(wide, 1);
    const sector = Math.ceil(begun / 512) * 512;
    for (const [from, to] of [
      [sector + 1, sector + 512],
      [sector, sector + 511],
      [sector + 100, sector + 101],
      [begun - 9, sector],
    ] as const) {
      files.write(Buffer.from(whole).fill(0, from, to), segment2);
      expect([from, (await failure(files.open().load("one"))).code]).toEqual([from, "SESSION_CORRUPT"]);
    }
    // Two appends follow: the first of them was begun when the sectors before it were on the disk.
    files.write(whole, segment2);
    const claim = await files.open().claim("one", runClaim(2, 5));
    for (const seq of [6, 7, 8]) await claim.append(seq, [modelEntry(seq, 3, "longer than a sector ".repeat(50))]);
    await claim.release();
    const last = files.read("journal-00000003.jsonl");
    files.write(Buffer.from(last).fill(0, 512, 1024), "journal-00000003.jsonl");
    expect((await failure(files.open().load("one"))).code).toBe("SESSION_CORRUPT");
  });

  it("says where it is and what was expected", async () => {
    const files = await storeSession(5);
    const bytes = files.read();
    const start = lineStarts(bytes)[3] as number;
    bytes[start + 30] = 0;
    files.write(bytes);
    const error = await failure(files.open().load("one"));
    expect(error.message).toBe(
      `The session \`one\` is damaged: ${segment1} line 4 (byte ${start}): expected entry 3 with its sum`,
    );
  });

  it.each(["removed", "duplicated", "swapped"] as const)("is found when lines are %s", async (how) => {
    const files = await storeSession(5);
    const lines = files.read().toString().trimEnd().split("\n");
    const last = lines.length - 1;
    for (let i = 0; i <= last; i += 1) {
      const changed = [...lines];
      // A last line that is simply gone cannot be told from one that was never written.
      if (how === "removed" && i < last) changed.splice(i, 1);
      else if (how === "duplicated") changed.splice(i, 0, changed[i] as string);
      else if (how === "swapped" && i < last) changed.splice(i, 2, changed[i + 1] as string, changed[i] as string);
      else continue;
      files.write(`${changed.join("\n")}\n`);
      expect((await failure(files.open().load("one"))).code).toBe("SESSION_CORRUPT");
    }
  });

  it("is found in older segments, their headers, and when one is gone", async () => {
    const files = await storeSession(2);
    const claim = await files.open().claim("one", runClaim(1, 2));
    await claim.append(3, [modelEntry(3, 2)]);
    await claim.release();
    const first = files.read();
    const [, header] = lineStarts(first);
    for (let at = 0; at < first.length; at += at < (header as number) ? 3 : 11) {
      const bytes = Buffer.from(first);
      bytes[at] = (bytes[at] as number) ^ 1;
      files.write(bytes);
      expect((await failure(files.open().load("one"))).code).toBe("SESSION_CORRUPT");
    }
    files.write(first.subarray(0, lineStarts(first)[2]));
    expect((await failure(files.open().load("one"))).message).toContain("entries up to 2");
    rmSync(join(files.root, "one", segment1));
    expect((await failure(files.open().load("one"))).code).toBe("SESSION_CORRUPT");
  });

  it("is found in the record, whatever byte it is in, and in a record that is not its own", async () => {
    const files = await storeSession(2);
    const whole = files.read("record.json");
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] as number) ^ 1;
      files.write(bytes, "record.json");
      expect((await failure(files.open().load("one"))).code).toBe("SESSION_CORRUPT");
    }
    const repository = files.open();
    await repository.create(sampleRecord("two", { variables: { topic: "winds" } }));
    files.write(files.read("../two/record.json").toString().replace('"id":"two"', '"id":"one"'), "record.json");
    expect((await failure(files.open().load("one"))).code).toBe("SESSION_CORRUPT");
  });

  it("is found in a blob that is missing or changed", async () => {
    const files = await storeSession(1);
    const claim = await files.open().claim("one", runClaim(1, 1));
    await claim.append(2, [valueEntry(2, 2, "x".repeat(70_000))]);
    await claim.append(3, [modelEntry(3, 2)]);
    await claim.release();
    const [name] = readdirSync(join(files.root, "one", "blobs"));
    const blob = `blobs/${name}`;
    const bytes = files.read(blob);
    bytes[100] = 0;
    files.write(bytes, blob);
    expect((await failure(files.open().load("one"))).message).toContain(`the blob ${name}`);
    rmSync(join(files.root, "one", blob));
    expect((await failure(files.open().load("one"))).code).toBe("SESSION_CORRUPT");
  });

  it("never lets one session's journal pass for another's", async () => {
    const files = await storeSession(2);
    await files.open().create(sampleRecord("two", { createdAt: 5 }));
    files.write(files.read(), `../two/${segment1}`);
    expect((await failure(files.open().load("two"))).code).toBe("SESSION_CORRUPT");
  });

  it("does not stop a session from being deleted", async () => {
    const files = await storeSession(3);
    const bytes = files.read();
    bytes[bytes.length >> 1] = 0;
    files.write(bytes);
    await files.open().delete("one");
    expect(existsSync(join(files.root, "one"))).toBe(false);
  });
});

describe("what newer versions write", () => {
  it.each(["record.json", segment1])("is refused with a clear word in %s", async (file) => {
    const files = await storeSession(0);
    const { sealLine } = await import("../src/file/sealed-line.js");
    const text = files.read(file).toString();
    const chain = /"chain":"(\w{8})"/.exec(text)?.[1] ?? "0";
    const open = text.slice(0, text.lastIndexOf(',"sum"')).replace('"v":1', '"v":2');
    files.write(sealLine(open, Number.parseInt(chain, 16)).text, file);
    const error = await failure(files.open().load("one"));
    expect(error.code).toBe("SESSION_VERSION_UNKNOWN");
    expect(error.hint).toContain("newer version");
  });

  it("does no harm through the keys of objects", async () => {
    const files = await storeSession(0);
    const value = JSON.parse('{"__proto__":{"polluted":1},"hasOwnProperty":2}');
    const claim = await files.open().claim("one", runClaim(1, 0));
    await claim.append(1, [valueEntry(1, 2, value, "__proto__")]);
    await claim.release();
    const { entries } = await files.open().load("one");
    expect(entries[0]?.key).toBe("__proto__");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

it("makes nothing of a directory that is not there", async () => {
  const directory = join(temporaryDirectory(), "absent", "deeper");
  const repository = createFileRepository({ directory });
  expect((await failure(repository.load("one"))).code).toBe("SESSION_NOT_FOUND");
  expect(await repository.list()).toEqual({ sessions: [], notices: [] });
  expect(existsSync(directory)).toBe(false);
});

/** A session with one entry, then a segment with so many entries and an append of several. */
async function storeWide(wide: readonly Entry[], before: number) {
  const files = await storeSession(1);
  const claim = await files.open().claim("one", runClaim(1, 1));
  if (before > 0) await claim.append(2, [modelEntry(2, 2)]);
  const begun = before > 0 ? files.read(segment2).length : 0;
  await claim.append(
    2 + before,
    wide.map((entry, i) => ({ ...entry, seq: 2 + before + i })),
  );
  await claim.release();
  return { root: files.root, files, whole: files.read(segment2), begun };
}
