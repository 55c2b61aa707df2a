/**
 * Runs a script's body and turns a thrown error into one plain line and exit code 1.
 * @param {() => Promise<number | void>} body gives the exit code
 */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
