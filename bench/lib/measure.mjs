// Small tools to time two things side by side: runs alternate, so that a machine that slows down slows both.

/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Milliseconds the work takes. */
export async function time(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/**
 * Times two works in turn and gives the median of each, and of their ratio pair by pair.
 * @param {() => Promise<unknown>} ours
 * @param {() => Promise<unknown>} floor
 */
export async function pair(ours, floor, rounds = 7) {
  for (let round = 0; round < 3; round += 1) {
    await ours();
    await floor();
  }
  const samples = [];
  for (let round = 0; round < rounds; round += 1) {
    const a = await time(ours);
    const b = await time(floor);
    samples.push({ ours: a, floor: b, ratio: a / b });
  }
  return {
    ours: median(samples.map((sample) => sample.ours)),
    floor: median(samples.map((sample) => sample.floor)),
    ratio: median(samples.map((sample) => sample.ratio)),
  };
}

/** One row of a report: a figure, and the aim it is held against. */
export function row(name, { ours, floor, ratio }, unit, divisor, aim) {
  const figure = (ms) => (ms === undefined ? "" : ((ms / divisor) * (unit === "µs" ? 1000 : 1)).toFixed(2));
  return {
    name,
    ours: `${figure(ours)} ${unit}`,
    floor: floor === undefined ? "" : `${figure(floor)} ${unit}`,
    ratio: ratio?.toFixed(2) ?? "",
    aim,
  };
}

/** Tells what each further step costs from what the run itself costs, given the times of a short and a long chain. */
export function split(short, long, steps, unit, aim) {
  const ours = (long.ours - short.ours) / steps;
  const floor = (long.floor - short.floor) / steps;
  const fixed = short.ours - ours * 10;
  return [
    row("each step beyond the first ten", { ours, floor, ratio: ours / floor }, unit, 1, aim),
    row("the run itself: begin, claim and end", { ours: fixed }, unit, 1, ""),
  ];
}
