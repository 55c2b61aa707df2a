import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  platform: "neutral",
  target: "es2023",
  dts: true,
  minify: false,
  sourcemap: false,
  fixedExtension: false,
  hash: false,
  logLevel: "warn",
  // nunjucks' lexer, parser and nodes are bundled privately; their base class wants `events`, which we stand in for.
  alias: { events: fileURLToPath(new URL("./src/template/events-stub.ts", import.meta.url)) },
  deps: { onlyBundle: ["nunjucks"] },
  inputOptions: { resolve: { mainFields: ["module", "main"] } },
});
