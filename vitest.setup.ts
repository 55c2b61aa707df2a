import fc from "fast-check";

const { STRANDS_SEED: given, STRANDS_SOAK: soak } = process.env;

// The same cases each time, so that a run cannot fail by chance. `npm run soak` looks for new ones and prints their seed;
// `STRANDS_SEED` repeats them.
if (given !== undefined || soak !== "1") {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: given === undefined ? 20_261_122 : Number(given) });
}
