import { basename, join } from "node:path";
import { buildSync } from "esbuild";

/**
 * Bundles a TypeScript file that a test wants to run as a process of its own, from the sources of our packages, and
 * gives the path of a module plain Node can run, in a directory of the caller's.
 */
export function bundleChild(entry: string, directory: string): string {
  const outfile = join(directory, `${basename(entry, ".ts")}.mjs`);
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@strands/source"],
    // Packages in the older module format ask for `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "error",
  });
  return outfile;
}
