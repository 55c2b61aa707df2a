// The servers that the tests of `@strands/sessions` use, each as a process beside the one that is measured.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const sessions = new URL("../../packages/sessions/", import.meta.url);
const program = fileURLToPath(new URL("test/storage-server-child.mjs", sessions));

/** The client libraries that the repositories use. */
export const requireClient = createRequire(new URL("package.json", sessions));

/** Starts the server of a kind, `postgres` or `s3`. */
export async function startServer(kind) {
  const child = spawn(process.execPath, [program, kind], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise((resolve, reject) => {
    lines.once("line", resolve);
    lines.once("close", () => reject(new Error(`the server for ${kind} did not start`)));
  });
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  return { url, stop };
}
