import { readdirSync } from "node:fs";
import { join } from "node:path";
import { defineProject, type UserProjectConfigExport } from "vitest/config";

/**
 * Tests read the packages' sources through this export condition, so nothing has to be built first. `module`, which Vite has
 * besides, is for bundlers: what the AWS SDK keeps under it is nothing that Node can load.
 */
const conditions = ["@strands/source", "node", "development|production"];

/** `npm run soak`: property, crash and kill tests in their full form, which take minutes. */
const soak = process.env["STRANDS_SOAK"] === "1";

/** The one shape every package's Vitest project has. */
export function strandsProject(name: string): UserProjectConfigExport {
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ["@strands/source", "node", "module-sync"] } },
    test: {
      name,
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      exclude: ["**/node_modules/**", "**/dist/**", "**/.types/**"],
      benchmark: { include: ["src/**/*.bench.ts", "**/*.bench.ts"] },
      typecheck: {
        enabled: hasTypeTests(name),
        include: ["src/**/*.test-d.ts", "test/**/*.test-d.ts"],
        tsconfig: "tsconfig.test.json",
      },
      setupFiles: [join(import.meta.dirname, "vitest.setup.ts")],
      testTimeout: soak ? 1_800_000 : 20_000,
      // A flaky test is a bug: no retries, and nothing leaks from one test into the next.
      retry: 0,
      restoreMocks: true,
      unstubEnvs: true,
      unstubGlobals: true,
      env: { NO_COLOR: "1", TZ: "UTC" },
    },
  });
}

/** Vitest starts a compiler for every project with type tests, so only those that have some ask for it. */
function hasTypeTests(name: string): boolean {
  if (name === "scripts") return false;
  const files = readdirSync(join(import.meta.dirname, "packages", name), { recursive: true, encoding: "utf8" });
  return files.some((file) => file.endsWith(".test-d.ts") && !file.includes("node_modules"));
}
