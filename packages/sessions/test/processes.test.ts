import { createFileRepository } from "@strands/sessions/file";
import { modelEntry, sampleRecord } from "@strands/testing";
import { describe, expect, it } from "vitest";
import { type Child, childCommand, startChild } from "./support/run-child.js";
import { failure, runClaim, temporaryDirectory } from "./support/session-directory.js";

const soak = process.env["STRANDS_SOAK"] !== undefined;

describe("processes", () => {
  it("contend for a session, and exactly one wins each round", { timeout: 120_000 }, async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory });
    await repository.create(sampleRecord("one"));
    const children = Array.from({ length: 8 }, (_, i) => startChild(childCommand("contend", directory, `child-${i}`)));
    try {
      for (const child of children) expect(await child.next()).toBe("ready");
      let epoch = 0;
      for (let round = 0; round < (soak ? 100 : 20); round += 1) {
        for (const child of children) child.tell(`go ${epoch} ${round}`);
        const answers = await Promise.all(children.map((child) => child.next()));
        const winner = answers.findIndex((answer) => answer.startsWith("won "));
        expect(answers.filter((answer) => answer.startsWith("won ")).length).toBe(1);
        for (const answer of answers) expect(answer).toMatch(/^(won \d+|SESSION_CONFLICT|SESSION_LEASED)$/);
        epoch = Number(answers[winner]?.slice(4));
        const { entries } = await repository.load("one");
        expect(entries.length).toBe(round + 1);
        expect(entries.at(-1)?.body).toEqual({ value: `child-${winner}` });
        children[winner]?.tell("release");
        expect(await children[winner]?.next()).toBe("released");
      }
    } finally {
      await stop(children);
    }
  });

  it.skipIf(process.platform === "win32")(
    "that freeze at any moment and go on later have accepted what they acknowledged, and nothing else",
    { timeout: 300_000 },
    async () => {
      const directory = temporaryDirectory();
      const repository = createFileRepository({ directory });
      await repository.create(sampleRecord("one"));
      const count = soak ? 400 : 40;
      const children = Array.from({ length: 4 }, (_, i) =>
        startChild(childCommand("race", directory, `child-${i}`, String(count))),
      );
      try {
        for (const child of children) expect(await child.next()).toBe("ready");
        // Whenever one says something another is frozen, and the one frozen before it goes on.
        let frozen: Child | undefined;
        let lines = 0;
        for (const child of children) {
          child.onLine(() => {
            lines += 1;
            frozen?.process.kill("SIGCONT");
            frozen = children[(lines * 7 + (lines >> 2)) % children.length];
            frozen = frozen === child ? undefined : frozen;
            frozen?.process.kill("SIGSTOP");
          });
          void child.ended.then(() => frozen?.process.kill("SIGCONT"));
        }
        for (const child of children) child.tell("go");
        const said = (await Promise.all(children.map((child) => child.ended))).flat();
        const { entries } = await createFileRepository({ directory }).load("one");
        const kept = entries.filter(({ kind }) => kind === "value").map(({ key }) => key);
        const acknowledged = said.filter((line) => line.startsWith("ack ")).map((line) => line.slice(4));
        expect(said.filter((line) => line.startsWith("error"))).toEqual([]);
        expect(said.filter((line) => line === "done").length).toBe(4);
        expect(kept.sort()).toEqual(acknowledged.sort());
        expect(entries.length).toBe(kept.length * 2);
      } finally {
        await stop(children);
      }
    },
  );

  it("keep a session while they live, and lose it at once when they are killed", { timeout: 30_000 }, async () => {
    const directory = temporaryDirectory();
    const repository = createFileRepository({ directory });
    await repository.create(sampleRecord("one"));
    const child = startChild(childCommand("contend", directory, "child"));
    try {
      expect(await child.next()).toBe("ready");
      child.tell("go 0 0");
      expect(await child.next()).toBe("won 1");
      const error = await failure(repository.claim("one", runClaim(1, 1)));
      expect(error.code).toBe("SESSION_LEASED");
      expect(error.details).toMatchObject({ owner: "child", pid: child.process.pid });
      expect((await failure(repository.delete("one"))).code).toBe("SESSION_LEASED");
    } finally {
      await stop([child]);
    }
    const claim = await repository.claim("one", runClaim(1, 1));
    expect(claim.epoch).toBe(2);
    await claim.release();
  });

  // POSIX shells count blocks of 512 bytes, bash of 1024: either is enough for a few entries and not for all.
  it.skipIf(process.platform === "win32")(
    "that cannot write further say so, and lose nothing they acknowledged",
    { timeout: 30_000 },
    async () => {
      const directory = temporaryDirectory();
      const command = childCommand("work", directory, "4000", "steady");
      const limited = ["/bin/sh", "-c", 'ulimit -f 200 && exec "$@"', "sh", ...command];
      const said = await startChild(limited, { CHILD_DURABILITY: "process" }).ended;
      expect(said.at(-1)).toBe("error SESSION_STORAGE EFBIG");
      const acknowledged = said.filter((line) => line.startsWith("ack ")).length;
      const repository = createFileRepository({ directory });
      const { entries, epoch, notices } = await repository.load("one");
      expect(entries.length).toBe(acknowledged);
      expect(notices).toEqual([]);
      const claim = await repository.claim("one", runClaim(epoch, acknowledged));
      await claim.append(acknowledged + 1, [modelEntry(acknowledged + 1, claim.epoch)]);
      await claim.release();
    },
  );
});

async function stop(children: readonly Child[]): Promise<void> {
  for (const child of children) child.process.kill("SIGKILL");
  await Promise.all(children.map((child) => child.ended));
}
