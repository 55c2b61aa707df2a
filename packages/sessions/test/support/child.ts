import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Entry, SessionRepository } from "@strands/core";
import { StrandsError } from "@strands/core";
import { createFileRepository, type Durability } from "@strands/sessions/file";
import { modelEntry, sampleEntry, sampleRecord, valueEntry } from "@strands/testing";

// A process of its own for the tests: `child <command> <directory> ...`. It answers in lines on its standard output.
const [, , command, directory = "", ...rest] = process.argv;

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function codeOf(error: unknown): string {
  return StrandsError.isInstance(error) ? error.code : `UNEXPECTED ${String(error)}`;
}

/** Creates the session `one` and appends to it, in one turn or several, saying what was acknowledged. */
async function work(repository: SessionRepository, count: number, isSteady: boolean): Promise<void> {
  try {
    await repository.create(sampleRecord("one"));
    say("created");
    let claim = await repository.claim("one", { afterEpoch: 0, afterSeq: 0, owner: "child", purpose: "run" });
    for (let seq = 1; seq <= count; ) {
      const entries = batchAt(seq, claim.epoch, count);
      await claim.append(seq, entries);
      for (const entry of entries) say(`ack ${entry.seq} ${entry.key}`);
      seq += entries.length;
      if (isSteady || seq % 5 !== 0) continue;
      await claim.release();
      const { epoch } = claim;
      claim = await repository.claim("one", { afterEpoch: epoch, afterSeq: seq - 1, owner: "child", purpose: "run" });
    }
    await claim.release();
    say("done");
  } catch (error) {
    const errno = StrandsError.isInstance(error) ? error.details?.["errno"] : undefined;
    say(`error ${codeOf(error)} ${String(errno)}`);
  }
}

function batchAt(seq: number, epoch: number, count: number): readonly Entry[] {
  if (seq === count) {
    return [sampleEntry(seq, epoch, { key: "end", kind: "run.cancelled", body: { runId: "r", reason: "enough" } })];
  }
  if (seq === 2) return [valueEntry(seq, epoch, "long ".repeat(16_000))];
  if (seq % 4 === 0 && seq + 1 < count) return [modelEntry(seq, epoch), modelEntry(seq + 1, epoch)];
  return [modelEntry(seq, epoch)];
}

/** Claims when told to, `go <afterEpoch> <afterSeq>`, and lets go when told to, `release`. */
async function contend(repository: SessionRepository, name: string): Promise<void> {
  say("ready");
  let release = async (): Promise<void> => {};
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, afterEpoch, afterSeq] = line.split(" ");
    if (word === "release") {
      await release();
      say("released");
      continue;
    }
    try {
      const seen = { afterEpoch: Number(afterEpoch), afterSeq: Number(afterSeq) };
      const claim = await repository.claim("one", { ...seen, owner: name, purpose: "run" });
      release = () => claim.release();
      const seq = seen.afterSeq + 1;
      await claim.append(seq, [valueEntry(seq, claim.epoch, name)]);
      say(`won ${claim.epoch}`);
    } catch (error) {
      say(codeOf(error));
    }
  }
}

/** Takes turns with others at the session `one`, each as often as it can, saying of every entry whether it was accepted. */
async function race(repository: SessionRepository, name: string, count: number): Promise<void> {
  say("ready");
  await new Promise((resolve) => process.stdin.once("data", resolve));
  process.stdin.destroy();
  for (let made = 0; made < count; ) {
    try {
      const { epoch, entries } = await repository.load("one");
      const seen = { afterEpoch: epoch, afterSeq: entries.length };
      const claim = await repository.claim("one", { ...seen, owner: name, purpose: "record" });
      let seq = entries.length + claim.tail.length;
      for (let turn = 0; turn < 4 && made < count; turn += 1) {
        made += 1;
        const key = `${name}/${made}`;
        try {
          await claim.append(seq + 1, [valueEntry(seq + 1, claim.epoch, name, key), modelEntry(seq + 2, claim.epoch)]);
          seq += 2;
          say(`ack ${key}`);
        } catch (error) {
          say(`${codeOf(error)} ${key}`);
          break;
        }
      }
      await claim.release();
    } catch (error) {
      const code = codeOf(error);
      if (code !== "SESSION_CONFLICT") say(`error ${code}`);
    }
  }
  say("done");
}

const durability = (process.env["CHILD_DURABILITY"] ?? "full") as Durability;
const repository = createFileRepository({ directory, durability });
if (command === "work") await work(repository, Number(rest[0]), rest[1] === "steady");
else if (command === "race") await race(repository, String(rest[0]), Number(rest[1]));
else await contend(repository, String(rest[0]));
