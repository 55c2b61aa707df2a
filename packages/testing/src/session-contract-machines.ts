import type { SessionRepository } from "@strands/core";
import { SharedTime } from "./lease-machine.js";
import type { ContractCapabilities, ContractSubject, SessionContractKit } from "./session-contract-kit.js";
import { codeOf, entriesOf, failureOf, recordClaim, runClaim } from "./session-contract-kit.js";
import { modelEntry, sampleRecord, valueEntry } from "./session-fixtures.js";

/** Leases between machines, which can only be judged by their heartbeat. */
export function checkMachines<S extends ContractSubject>(
  kit: SessionContractKit<S>,
  openOnMachine: ContractCapabilities<S>["openOnMachine"],
): void {
  const { describe, testIf, expect, expectCode } = kit;
  const testMachines = (
    name: string,
    body: (world: {
      readonly time: SharedTime;
      readonly on: (host: string, options?: Parameters<SharedTime["machine"]>[1]) => SessionRepository;
    }) => Promise<void>,
  ): void =>
    testIf(openOnMachine, name, async (subject, open) => {
      const time = new SharedTime();
      const opened: SessionRepository[] = [];
      await subject.repository.create(sampleRecord("one"));
      try {
        await body({
          time,
          on: (host, options) => {
            const repository = open(subject, time.machine(host, options));
            opened.push(repository);
            return repository;
          },
        });
      } finally {
        for (const repository of opened) await repository.close?.();
      }
    });

  describe("a lease held on another machine", () => {
    testMachines("holds while its heartbeat moves", async ({ time, on }) => {
      const claim = await on("theirs").claim("one", { ...runClaim(0, 0), owner: "their runner" });
      const error = await failureOf(on("ours").claim("one", runClaim(1, 0)));
      expect(error.code).toBe("SESSION_LEASED");
      expect(error.message.includes("their runner")).toBe(true);
      expect(error.retryAfterMs).toBe(900);
      expect(time.sleptMs <= 450).toBe(true);
      await claim.append(1, [modelEntry(1, 1)]);
      await claim.release();
    });

    testMachines("ends when its heartbeat has rested for the lease time, and not before", async ({ time, on }) => {
      await on("theirs", { dead: true }).claim("one", runClaim(0, 0));
      expect((await on("ours").claim("one", runClaim(1, 0))).epoch).toBe(2);
      expect(time.sleptMs).toBe(900);
    });

    testMachines("is watched for the holder's lease time when that is longer", async ({ time, on }) => {
      await on("theirs", { dead: true, leaseMs: 6000 }).claim("one", runClaim(0, 0));
      await (await on("ours", { leaseMs: 300 }).claim("one", runClaim(1, 0))).release();
      expect(time.sleptMs).toBe(6000);
    });

    testMachines("ends as soon as it is released", async ({ time, on }) => {
      await (await on("theirs").claim("one", runClaim(0, 0))).release();
      await (await on("ours").claim("one", runClaim(1, 0))).release();
      expect(time.sleptMs).toBe(0);
    });

    testMachines("ends for one who is already waiting when it is released", async ({ time, on }) => {
      const machine = time.machine("theirs", { dead: true });
      const claim = await on("theirs", { dead: true }).claim("one", runClaim(0, 0));
      machine.time.every(300, () => {});
      time.machine("helper").time.every(300, () => claim.release());
      await (await on("ours").claim("one", runClaim(1, 0))).release();
      expect(time.sleptMs < 900).toBe(true);
    });

    testMachines("is not waited for by one who only records", async ({ time, on }) => {
      await on("theirs").claim("one", runClaim(0, 0));
      await (await on("ours").claim("one", recordClaim(1, 0))).release();
      expect(time.sleptMs).toBe(0);
    });

    testMachines("stops being waited for when the signal says so", async ({ time, on }) => {
      await on("theirs", { dead: true }).claim("one", runClaim(0, 0));
      const ours = on("ours");
      const controller = new AbortController();
      time.machine("helper").time.every(300, () => controller.abort(new Error("enough")));
      const waiting = ours.claim("one", { ...runClaim(1, 0), signal: controller.signal });
      const reason = await waiting.catch((error: unknown) => error);
      expect((reason as Error).message).toBe("enough");
      expect(time.sleptMs < 900).toBe(true);
      expect((await ours.load("one")).epoch).toBe(1);
    });

    testMachines("also keeps a session from being deleted", async ({ on }) => {
      const claim = await on("theirs").claim("one", runClaim(0, 0));
      const ours = on("ours");
      await expectCode(ours.delete("one"), "SESSION_LEASED");
      await claim.release();
      await ours.delete("one");
    });

    testMachines("does not keep a session for ever: one whose holder is gone can be deleted", async ({ on }) => {
      await on("theirs", { dead: true }).claim("one", runClaim(0, 0));
      const ours = on("ours");
      await ours.delete("one");
      await expectCode(ours.load("one"), "SESSION_NOT_FOUND");
    });
  });

  describe("taking over from another machine", () => {
    testMachines("keeps what the one before acknowledged and fences it", async ({ on }) => {
      const theirs = await on("theirs", { dead: true }).claim("one", runClaim(0, 0));
      await theirs.append(1, [modelEntry(1, 1), modelEntry(2, 1)]);
      const ours = on("ours");
      const claim = await ours.claim("one", runClaim(1, 0));
      expect(claim.tail).toEqual([modelEntry(1, 1), modelEntry(2, 1)]);
      await expectCode(theirs.append(3, [modelEntry(3, 1)]), "SESSION_CONFLICT");
      await claim.append(3, [modelEntry(3, 2)]);
      expect((await entriesOf(ours)).map(({ epoch }) => epoch)).toEqual([1, 1, 2]);
    });

    testMachines("succeeds for exactly one of several who waited", async ({ on }) => {
      await on("theirs", { dead: true }).claim("one", runClaim(0, 0));
      const settled = await Promise.all(
        ["a", "b", "c", "d"].map((host) => codeOf(on(host).claim("one", runClaim(1, 0)))),
      );
      expect(settled.filter((code) => code === "ok").length).toBe(1);
      expect(settled.every((code) => ["ok", "SESSION_CONFLICT", "SESSION_LEASED"].includes(code))).toBe(true);
    });

    testMachines("does not care what anybody's clock says", async ({ time, on }) => {
      const day = 86_400_000;
      const theirs = on("theirs", { aheadMs: -400 * day });
      const claim = await theirs.claim("one", runClaim(0, 0));
      const ours = on("ours", { aheadMs: 400 * day });
      await expectCode(ours.claim("one", runClaim(1, 0)), "SESSION_LEASED");
      await claim.release();
      await on("gone", { dead: true, aheadMs: 800 * day }).claim("one", runClaim(1, 0));
      const before = time.sleptMs;
      await ours.claim("one", runClaim(2, 0));
      expect(time.sleptMs - before).toBe(900);
    });

    testMachines("is not disturbed by a holder that wakes up", async ({ time, on }) => {
      const machine = on("theirs", { leaseMs: 100 });
      const old = await machine.claim("one", runClaim(0, 0));
      await old.append(1, [modelEntry(1, 1)]);
      const recorder = await on("other").claim("one", recordClaim(1, 1));
      await recorder.append(2, [valueEntry(2, 2, "answer")]);
      await old.release();
      const ours = await on("ours", { dead: true }).claim("one", runClaim(2, 2));
      await time.pass(10_000);
      await old.release();
      await expectCode(old.append(2, [modelEntry(2, 1)]), "SESSION_CONFLICT");
      const slept = time.sleptMs;
      // Ours is silent, so it is watched; the one before must neither beat nor release in its place.
      await (await on("last").claim("one", runClaim(3, 2))).release();
      expect(time.sleptMs - slept).toBe(900);
      await expectCode(ours.append(3, [modelEntry(3, 3)]), "SESSION_CONFLICT");
    });

    testMachines("waits anew when the session was taken over meanwhile", async ({ time, on }) => {
      await on("theirs", { dead: true }).claim("one", runClaim(0, 0));
      const first = on("first");
      const second = on("second");
      const claim = await first.claim("one", runClaim(1, 0));
      await expectCode(second.claim("one", runClaim(1, 0)), "SESSION_LEASED", "SESSION_CONFLICT");
      await claim.append(1, [modelEntry(1, 2)]);
      await claim.release();
      const slept = time.sleptMs;
      await second.claim("one", runClaim(2, 1));
      expect(time.sleptMs).toBe(slept);
    });
  });
}
