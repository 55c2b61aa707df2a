import { expect, it } from "vitest";
import { sequentialIds } from "./sequential-ids.js";

it("counts each kind for itself", () => {
  const ids = sequentialIds();
  const made = (["session", "run", "session", "interrupt"] as const).map((kind) => ids.next(kind));
  expect(made).toEqual(["session-1", "run-1", "session-2", "interrupt-1"]);
  expect(sequentialIds().next("run")).toBe("run-1");
});
