import { spawn } from "node:child_process";
import { root, toolEnv } from "./root.mjs";

/**
 * Runs a tool to its end and gives its exit code and, when captured, its output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, capture?: boolean, toStderr?: boolean }} [options] `toStderr` sends the
 *   tool's stdout to our stderr, so that ours stays free for results.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function exec(command, args, { cwd = root, env = {}, capture = false, toStderr = false } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd,
      env: toolEnv(env),
      stdio: ["ignore", capture ? "pipe" : toStderr ? 2 : "inherit", capture ? "pipe" : "inherit"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    child.on("error", (error) => done({ code: 127, output: `${output}${error.message}\n` }));
    child.on("close", (code, signal) => done({ code: signal ? 1 : (code ?? 1), output }));
  });
}
