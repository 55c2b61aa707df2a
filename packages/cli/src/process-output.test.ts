import { describe, expect, it } from "vitest";
import { type OutputStream, processOutput } from "./process-output.js";

/** A stream whose errors the test makes. */
function fake() {
  let listener: (error: Error) => void = () => undefined;
  const texts: string[] = [];
  const stream: OutputStream = {
    fd: 1,
    on: (_, given) => {
      listener = given;
    },
    write: (text, done) => {
      texts.push(text);
      done?.();
    },
  };
  return { stream, texts, fail: (code: string) => listener(Object.assign(new Error(code), { code })) };
}

describe("processOutput", () => {
  it.each([
    [undefined, 80],
    [0, 80],
    [1, 1],
    [132, 132],
  ])("of a stream with %s columns has %i", (columns, width) => {
    const { stream } = fake();
    const sized = columns === undefined ? stream : { ...stream, columns };
    expect(processOutput(sized, { isFile: false }).columns).toBe(width);
  });

  it.each([
    ["ENOSPC", "ENOSPC"],
    ["EPIPE", undefined],
    ["EIO", undefined],
  ])("stops writing after %s and does not throw", async (code, failure) => {
    const { stream, texts, fail } = fake();
    const output = processOutput(stream, { isFile: false });
    output.write("one");
    fail(code);
    output.write("two");
    fail("ERR_STREAM_DESTROYED");
    await output.flush();
    expect([texts, output.failure]).toEqual([["one"], failure]);
  });

  it("writes every byte to a file, however little it takes at once", () => {
    const { stream, texts } = fake();
    const bytes: number[] = [];
    const write = (_: number, all: Uint8Array, from: number): number => {
      bytes.push(...all.subarray(from, from + 3));
      return Math.min(3, all.length - from);
    };
    const output = processOutput(stream, { isFile: true, write });
    output.write("Grüße, 東京");
    expect([Buffer.from(bytes).toString(), texts, output.failure]).toEqual(["Grüße, 東京", [], undefined]);
  });

  it("remembers that a file took only a part", () => {
    const { stream } = fake();
    let room = 4;
    const write = (_: number, all: Uint8Array, from: number): number => {
      const count = Math.min(room, all.length - from);
      room -= count;
      return count;
    };
    const output = processOutput(stream, { isFile: true, write });
    output.write("too long");
    output.write("");
    expect(output.failure).toBe("ENOSPC");
  });

  it("takes a failing disk for a failure, not for a reader that went away", () => {
    const { stream } = fake();
    const write = (): number => {
      throw Object.assign(new Error("EIO"), { code: "EIO" });
    };
    const output = processOutput(stream, { isFile: true, write });
    output.write("text");
    expect(output.failure).toBe("EIO");
  });
});
