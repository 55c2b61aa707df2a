import { expect, it } from "vitest";
import { StopSwitch } from "./stop-switch.js";

it("gives the first signal to who listens and ends the process on the second", () => {
  const told: string[] = [];
  const exits: number[] = [];
  const stop = new StopSwitch((code) => exits.push(code));
  stop.onStop((signal) => told.push(signal));
  stop.signal("SIGINT");
  expect([told, exits]).toEqual([["SIGINT"], []]);
  stop.signal("SIGTERM");
  stop.signal("SIGINT");
  stop.signal("SIGHUP");
  expect([told, exits]).toEqual([["SIGINT"], [143, 130, 129]]);
});

it("ends the process at once when nobody listens any more", () => {
  const exits: number[] = [];
  const stop = new StopSwitch((code) => exits.push(code));
  stop.onStop(() => undefined)();
  stop.signal("SIGINT");
  expect(exits).toEqual([130]);
});
