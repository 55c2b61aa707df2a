import { describe, expect, it } from "vitest";
import { ClientPool } from "./client-pool.js";

describe("ClientPool", () => {
  it("makes one client per configuration, for simultaneous users too", async () => {
    const made: string[] = [];
    const pool = new ClientPool(async (key) => {
      made.push(key);
      return { key };
    });
    const [a, again, b] = await Promise.all([pool.get("a"), pool.get("a"), pool.get("b")]);
    expect(again).toBe(a);
    expect(b.key).toBe("b");
    expect(made).toEqual(["a", "b"]);
  });

  it("tries again after a client could not be made", async () => {
    let tries = 0;
    const pool = new ClientPool(async () => {
      tries += 1;
      if (tries === 1) throw new Error("not yet");
      return tries;
    });
    await expect(pool.get("a")).rejects.toThrow("not yet");
    expect(await pool.get("a")).toBe(2);
  });

  it("ends all clients once, and passes over those that could not be made", async () => {
    const ended: string[] = [];
    const pool = new ClientPool(
      async (key: string) => {
        if (key === "bad") throw new Error("no");
        return key;
      },
      (key) => void ended.push(key),
    );
    await pool.get("a");
    const bad = pool.get("bad").catch(() => "failed");
    await pool.close();
    await pool.close();
    expect(await bad).toBe("failed");
    expect(ended).toEqual(["a"]);
  });
});
