import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { childCommand, startChild } from "./support/run-child.js";
import { storeSession, temporaryDirectory } from "./support/session-directory.js";

/** Whether `strace` is here and may trace. */
const canTrace = spawnSync("strace", ["-f", "-qq", "-o", "/dev/null", "true"]).status === 0;

const names = "openat,pwrite64,write,link,linkat,rename,renameat,renameat2,mkdir,mkdirat,fsync,fdatasync";

/** What a child has the system do, in the order in which it is done, and what it says meanwhile. */
async function callsOf(...args: readonly string[]): Promise<readonly string[]> {
  const log = join(temporaryDirectory(), "calls");
  const trace = ["strace", "-f", "-qq", "-y", "-s", "64", "-o", log, "-e", `trace=${names}`];
  const child = startChild([...trace, ...childCommand(...args)]);
  if (args[0] === "contend") {
    await child.next();
    child.tell("go 1 2");
    await child.next();
    child.process.stdin?.end();
  }
  await child.ended;
  const begun = new Map<string, string>();
  const calls: string[] = [];
  for (const line of readFileSync(log, "utf8").split("\n")) {
    const [, thread = "", text = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)?.[1];
    // A call counts from when it has ended.
    if (text.endsWith("<unfinished ...>")) begun.set(thread, text.slice(0, -"<unfinished ...>".length));
    else calls.push(resumed === undefined ? text : `${begun.get(thread)}${resumed}`);
  }
  return calls;
}

/** The first acknowledgement, and where each call that matters stands before it; -1 when it does not. */
function before(calls: readonly string[], said: RegExp) {
  const end = calls.findIndex((call) => /^write\(1</.test(call) && said.test(call));
  expect(end).toBeGreaterThan(0);
  return (call: RegExp): number => calls.slice(0, end).findLastIndex((line) => call.test(line));
}

describe.skipIf(!canTrace)("what is acknowledged first (needs strace)", () => {
  it("is on the disk, and so is every name on the way to it", async () => {
    const root = join(temporaryDirectory(), "sessions");
    const last = before(await callsOf("work", root, "1", "steady"), /"ack 1/);

    const wrote = last(/^p?write(?:64)?\(.*\/journal-00000001\.jsonl|^p?write(?:64)?\(.*\/\.journal/);
    expect(last(/^fdatasync\(.*journal-00000001\.jsonl/)).toBeGreaterThan(wrote);
    const linked = last(/^link(?:at)?\(.*\/one\/journal-00000001\.jsonl"/);
    expect(linked).toBeGreaterThan(0);
    expect(last(/^fsync\(\d+<[^>]*\/sessions\/one>/)).toBeGreaterThan(linked);
    const renamed = last(/^rename\w*\(.*\/sessions\/one"/);
    expect(renamed).toBeGreaterThan(0);
    expect(last(/^fsync\(\d+<[^>]*\/sessions>/)).toBeGreaterThan(renamed);
    const made = last(/^mkdir(?:at)?\(.*\/sessions"/);
    expect(made).toBeGreaterThan(0);
    expect(last(new RegExp(`^fsync\\(\\d+<${join(root, "..")}>`))).toBeGreaterThan(made);

    // Under its name the session is whole at any moment.
    const recorded = last(/^fsync\(\d+<[^>]*\/record\.json>/);
    expect(recorded).toBeGreaterThan(last(/^p?write(?:64)?\(\d+<[^>]*\/record\.json>/));
    expect(recorded).toBeLessThan(renamed);
    const filled = last(/^fsync\(\d+<[^>]*\/sessions\/\.one\.tmp[^>/]*>/);
    expect(filled).toBeGreaterThan(0);
    expect(filled).toBeLessThan(renamed);
  });

  it("is on the disk with its names whoever made them: they may not have lived to make them durable", async () => {
    const { root } = await storeSession(2);
    const calls = await callsOf("contend", root, "child");
    const last = before(calls, /"won 2/);
    const linked = last(/^link(?:at)?\(.*\/one\/journal-00000002\.jsonl"/);
    expect(linked).toBeGreaterThan(0);
    // Without the name of the segment before, the one that follows it would be read as damage.
    expect(calls.slice(0, linked).some((call) => /^fsync\(\d+<[^>]*\/one>/.test(call))).toBe(true);
    expect(last(/^fdatasync\(.*journal-00000002\.jsonl/)).toBeGreaterThan(linked);
    expect(last(/^fsync\(\d+<[^>]*\/one>/)).toBeGreaterThan(linked);
    expect(last(new RegExp(`^fsync\\(\\d+<${root}>`))).toBeGreaterThan(linked);
  });
});
