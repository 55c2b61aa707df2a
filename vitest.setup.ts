import fc from "fast-check";

// The same cases each time, so that a run cannot fail by chance. `npm run soak` looks for new ones and prints their seed.
if (process.env["STRANDS_SOAK"] !== "1") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_122 });
