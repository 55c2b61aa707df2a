import { expect, it } from "vitest";
import { manualClock } from "../../test/support/clocks.js";
import { Countdown } from "./countdown.js";

function begin(ms: number) {
  const clock = manualClock();
  let happened = 0;
  const countdown = new Countdown(clock, ms, () => {
    happened += 1;
  });
  const pass = async (time: number): Promise<number> => {
    clock.advance(time);
    await Promise.resolve();
    return happened;
  };
  return { clock, countdown, pass };
}

it("happens once, when its time has passed", async () => {
  const { pass } = begin(10);
  expect([await pass(9), await pass(1), await pass(100)]).toEqual([0, 1, 1]);
});

it("leaves pauses out, however many, and a second pause or resume changes nothing", async () => {
  const { clock, countdown, pass } = begin(10);
  expect(await pass(4)).toBe(0);
  countdown.pause();
  countdown.pause();
  expect([await pass(1000), clock.sleeping]).toEqual([0, 0]);
  countdown.resume();
  countdown.resume();
  expect([await pass(3), clock.sleeping]).toEqual([0, 1]);
  countdown.pause();
  await pass(1000);
  countdown.resume();
  expect([await pass(2), await pass(1)]).toEqual([0, 1]);
});

it("never happens once it has ended, and leaves no timer", async () => {
  const { clock, countdown, pass } = begin(10);
  countdown.end();
  countdown.resume();
  expect([clock.sleeping, await pass(10)]).toEqual([0, 0]);
});
