// The rules of who may import whom, as text. `scripts/test/boundaries.test.ts` proves on a fixture tree that each can fail.

const test = "\\.(test|test-d|bench)\\.ts$|(^|/)(test|__fixtures__)/|\\.config\\.ts$";
const core = "^packages/core/src/";

/** The folders of core from the bottom up; a folder imports its own row and the rows above this one. */
const coreLayers = [
  ["platform", "error", "spec"],
  ["model", "tool", "template", "event", "session"],
  ["program"],
  ["engine", "agent"],
  ["pattern"],
];

/** One rule per layer: nothing in it imports a higher layer, `client.ts` or `index.ts`. */
const layerRules = coreLayers.map((folders, level) => ({
  name: `core-${folders.join("-")}-only-downwards`,
  comment:
    "Inside core: platform, error, spec; then model, tool, template, event, session; then program; then engine, agent; then pattern.",
  severity: "error",
  from: { path: `${core}(${folders.join("|")})/`, pathNot: test },
  to: {
    path: `${core}((${[...coreLayers.slice(level + 1).flat(), "manage/", "(client|launch-run|run|index)\\.ts$"].join("|")}))`,
  },
}));

const providers = ["ai-sdk", "anthropic", "bedrock", "gemini", "ollama", "openai"];

/** What each package may import of ours, besides itself. */
const packageArrows = {
  core: [],
  loader: ["core"],
  builders: ["core"],
  sessions: ["core"],
  testing: ["core"],
  "provider-kit": ["core"],
  ...Object.fromEntries(providers.map((name) => [name, ["core", "provider-kit"]])),
  sdk: ["core", "loader", "builders", "sessions", ...providers],
  cli: ["core", "sdk"],
};

const arrowRules = Object.entries(packageArrows).map(([name, targets]) => ({
  name: `${name}-imports-only-${targets.length === 0 ? "itself" : "downwards"}`,
  comment:
    "Packages import downwards only: cli -> sdk -> { loader, builders, sessions, providers } -> core; testing -> core; providers -> provider-kit -> core.",
  severity: "error",
  from: { path: `^packages/${name}/`, pathNot: test },
  to: { path: "^packages/", pathNot: `^packages/(${[name, ...targets].join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...arrowRules,
    {
      name: "core-client-not-index",
      comment: "client.ts stands below manage, and that below index.ts.",
      severity: "error",
      from: { path: `${core}(client\\.ts$|manage/)`, pathNot: test },
      to: { path: `${core}index\\.ts$` },
    },
    {
      name: "core-client-not-manage",
      comment: "Who only runs workflows does not load what looks after sessions.",
      severity: "error",
      from: { path: `${core}client\\.ts$` },
      to: { path: `${core}manage/` },
    },
    {
      name: "core-no-node",
      comment: "Core runs on Node, Bun, Deno and the edge: no node: import.",
      severity: "error",
      from: { path: core, pathNot: test },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-no-npm",
      comment: "Core has no dependency.",
      severity: "error",
      from: { path: core, pathNot: test },
      to: { path: "node_modules/" },
    },
    {
      name: "no-cycle",
      comment: "No cycle, not even of types.",
      severity: "error",
      from: { pathNot: "node_modules" },
      to: { circular: true },
    },
    {
      name: "not-resolvable",
      comment: "Every import resolves; an undeclared package does not.",
      severity: "error",
      from: { pathNot: "node_modules" },
      to: { couldNotResolve: true },
    },
    {
      name: "no-undeclared-package",
      comment:
        "A package imports only what its own package.json declares. An optional peer counts as undeclared as well, by its mark.",
      severity: "error",
      from: { path: "^packages/", pathNot: test },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["npm-peer"] },
    },
    {
      name: "testing-only-in-tests",
      comment: "@strands/testing is for tests.",
      severity: "error",
      from: { path: "^(packages|examples)/", pathNot: `${test}|^packages/testing/` },
      to: { path: "^packages/testing/" },
    },
    {
      name: "no-reaching-into-a-package",
      comment: "Another package is used through its entry points, never through its files.",
      severity: "error",
      from: { path: "^(packages/[^/]+|bench|examples|scripts)/" },
      to: {
        path: "^packages/[^/]+/(src|test|dist)/",
        pathNot: [
          "^$1/",
          "^packages/[^/]+/src/index\\.ts$",
          "^packages/sessions/src/(file|sqlite|postgres|s3)\\.ts$",
          "^packages/builders/src/(eject|yaml)\\.ts$",
          "^packages/testing/src/model/index\\.ts$",
        ],
      },
    },
    {
      name: "no-relative-import-across-packages",
      comment: "Another package is imported by its name.",
      severity: "error",
      from: { path: "^(packages/[^/]+|bench|examples|scripts)/" },
      to: { path: "^(packages/[^/]+)/", pathNot: "^$1/", dependencyTypes: ["local"] },
    },
    {
      name: "nothing-imports-cli",
      comment: "cli is the top.",
      severity: "error",
      from: { pathNot: "^packages/cli/" },
      to: { path: "^packages/cli/" },
    },
    {
      name: "no-test-in-source",
      comment: "Shipped source imports no test file.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: `${__dirname}/tsconfig.base.json` },
    combinedDependencies: false,
    doNotFollow: { path: ["node_modules", "/dist/"] },
    exclude: { path: ["^packages/[^/]+/dist/", "/\\.types/", "^packages/[^/]+/(tsdown|vitest)\\.config\\.ts$"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@strands/source", "types", "import", "node", "default"],
      mainFields: ["module", "main", "types"],
    },
  },
};
