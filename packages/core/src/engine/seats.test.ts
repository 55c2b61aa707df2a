import { expect, it } from "vitest";
import { gate } from "../../test/support/gate.js";
import type { Seat } from "./seat.js";
import { Seats } from "./seats.js";

/** Lines that the test ends, in seats below an outer one that is watched. */
function table(count: number, limit = count) {
  const ends = Array.from({ length: count }, () => gate());
  const seats: Seat[] = [];
  const outer: string[] = [];
  const around: Seat = {
    leave: () => void outer.push("leave"),
    enter: async () => void outer.push("enter"),
  };
  const everything = new Seats(limit, around, {
    next: () => (seats.length < count ? seats.length : undefined),
    begin(line, place) {
      seats.push(place);
      ends[line]?.promise.then(() => place.end());
    },
  }).run();
  return { ends, seats, outer, everything };
}

it("gives the outer seat up when the last line has left, and takes it back once for all that come back", async () => {
  const { ends, seats, outer, everything } = table(2);
  seats[0]?.leave();
  expect(outer).toEqual([]);
  seats[1]?.leave();
  expect(outer).toEqual(["leave"]);
  await Promise.all(seats.map((seat) => seat.enter()));
  expect(outer).toEqual(["leave", "enter"]);
  for (const end of ends) end.open();
  await everything;
  expect(outer).toEqual(["leave", "enter"]);
});

it("keeps the outer seat when the last line at work ends while another is on its way back", async () => {
  const { ends, seats, outer, everything } = table(2);
  let over = false;
  const ended = everything.then(() => {
    over = true;
  });
  seats[0]?.leave();
  ends[1]?.open();
  await seats[0]?.enter();
  for (let turn = 0; turn < 5; turn += 1) await undefined;
  expect([outer, over]).toEqual([[], false]);
  ends[0]?.open();
  await ended;
});

it("ends when what waits is given up, without a seat", async () => {
  const { ends, seats, outer, everything } = table(3, 1);
  for (const index of [0, 1, 2]) seats[index]?.leave();
  expect(outer).toEqual(["leave"]);
  for (const end of ends) end.open();
  await everything;
});

it("ends at once when there is nothing to do", async () => {
  await table(0).everything;
});
