// What a provider costs over reading its SDK's stream directly. The service runs in a thread of its own.
import { spawnSync } from "node:child_process";
import { median, pair, row } from "./lib/measure.mjs";
import { startModelService } from "./lib/model-service.mjs";
import { drain, vendors, waysOf } from "./lib/model-vendors.mjs";

const tokens = 1_000;
const streams = 50;

export async function run() {
  const service = await startModelService();
  const rows = [];
  try {
    for (const vendor of vendors) {
      const ways = await waysOf(vendor, service.url);
      rows.push(await firstToken(vendor, ways), await perToken(vendor, ways), await sideBySide(vendor, ways));
      await ways.close();
      rows.push(memory(vendor, service.url), importTime(vendor));
    }
  } finally {
    await service.stop();
  }
  return { title: "Providers over their SDKs", rows };
}

/** Time to the first token on a connection that is there already. */
async function firstToken(vendor, { ours, floor }) {
  const calls = 40;
  const first = (way) => async () => {
    for (let index = 0; index < calls; index += 1) await drain(way(1), 1);
  };
  const result = await pair(first(ours), first(floor), 9);
  const added = (result.ours - result.floor) / calls;
  return {
    ...row(`${vendor}: wait for the first token`, result, "ms", calls, "≤ +1 ms"),
    ratio: `+${added.toFixed(2)} ms`,
  };
}

/** A long stream, one after the other. */
async function perToken(vendor, { ours, floor }) {
  const calls = 5;
  const all = (way) => async () => {
    for (let index = 0; index < calls; index += 1) await drain(way(tokens), tokens);
  };
  return row(`${vendor}: a streamed token`, await pair(all(ours), all(floor), 9), "µs", calls * tokens, "≤ 1.05");
}

/** Many streams at once. */
async function sideBySide(vendor, { ours, floor }) {
  const all = (way) => () => Promise.all(Array.from({ length: streams }, () => drain(way(tokens), tokens)));
  const name = `${vendor}: ${streams} streams of ${tokens} tokens at once`;
  return row(name, await pair(all(ours), all(floor)), "ms", 1, "≤ 1.05");
}

/** Peak memory of a process that reads many streams at once. */
function memory(vendor, url) {
  const peak = (way) => {
    const samples = [1, 2, 3].map(() =>
      Number(
        inProcess(`
      const { drain, waysOf } = await import("./lib/model-vendors.mjs");
      const { ${way} } = await waysOf("${vendor}", "${url}");
      await Promise.all(Array.from({ length: ${streams} }, () => drain(${way}(${tokens}), ${tokens})));
      console.log(process.resourceUsage().maxRSS / 1024);
      process.exit();`),
      ),
    );
    return median(samples);
  };
  const ours = peak("ours");
  const floor = peak("floor");
  return {
    name: `${vendor}: peak memory of these`,
    ours: `${ours.toFixed(0)} MB`,
    floor: `${floor.toFixed(0)} MB`,
    ratio: (ours / floor).toFixed(2),
    aim: "≤ 1.10",
  };
}

/** Import of the package; its SDK is loaded with the first call. */
function importTime(vendor) {
  const time = (script) =>
    Number(inProcess(`const from = performance.now(); ${script} console.log(performance.now() - from);`));
  const samples = Array.from({ length: 5 }, () => ({
    core: time('await import("@strands/core");'),
    ours: time(`await import("@strands/${vendor}");`),
  }));
  const ours = median(samples.map((sample) => sample.ours));
  const core = median(samples.map((sample) => sample.core));
  return {
    name: `${vendor}: import of the package, over that of the core`,
    ours: `${ours.toFixed(0)} ms`,
    floor: `${core.toFixed(0)} ms`,
    ratio: `+${(ours - core).toFixed(0)} ms`,
    aim: "≤ +40 ms",
  };
}

function inProcess(script) {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { cwd: import.meta.dirname, env });
  if (child.status !== 0) throw new Error(String(child.stderr));
  return String(child.stdout);
}
