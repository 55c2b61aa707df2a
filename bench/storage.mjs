// What each repository costs: an append, many runs at once, a list of many sessions, a long session resumed, bytes kept.
// Postgres and S3 are the servers the tests use: see README.md for how far their figures go.
import { compileSpec, WorkflowClient } from "@strands/core";
import { median, time } from "./lib/measure.mjs";
import { kinds } from "./lib/storage-kinds.mjs";
import { chainSpec, model } from "./lib/workload.mjs";

/** The repositories to measure; `STRANDS_BENCH_STORAGE=file,s3` names some. */
const wanted = process.env["STRANDS_BENCH_STORAGE"]?.split(",") ?? Object.keys(kinds);

export async function run() {
  const rows = [];
  for (const kind of wanted) {
    const { place, stop } = await kinds[kind]();
    try {
      rows.push(...(await measure(kind, place)));
    } finally {
      await stop();
    }
  }
  return { title: "Repositories", rows };
}

async function measure(kind, place) {
  const rows = [];
  const add = (what, { ours, floor, unit = "ms", digits = 2, aim = "" }) => {
    const figure = (value) => (value === undefined ? "" : `${value.toFixed(digits)} ${unit}`);
    const ratio = floor === undefined ? "" : (ours / floor).toFixed(2);
    rows.push({ name: `${kind}: ${what}`, ours: figure(ours), floor: figure(floor), ratio, aim });
  };
  const { ours, bare, bytes, length } = await appends(place);
  add("append, median, over a bare one", { ours: at(ours, 0.5), floor: bare && at(bare, 0.5) });
  add("append, 99 of 100", { ours: at(ours, 0.99), floor: bare && at(bare, 0.99) });
  // Against the bare append beside each, so that a machine that is busy for a while does not count.
  const costs = bare === undefined ? ours : ours.map((spent, i) => spent / bare[i]);
  const unit = bare === undefined ? "ms" : "× bare";
  const tenth = costs.length / 10;
  const [first, last] = [median(costs.slice(0, tenth)), median(costs.slice(-tenth))];
  add(`append, last tenth of ${costs.length} over the first`, { ours: last, floor: first, unit, aim: "≤ 1.1" });
  if (bytes !== undefined)
    add("bytes kept, over those of an entry", { ours: bytes, floor: length, unit: "B", digits: 0 });
  add("runs of 5 steps, 32 at once", { ours: await concurrentRuns(place), unit: "per second", digits: 0 });
  add("first page of 10,000 sessions", { ...(await firstPage(place)), digits: 1, aim: "< 200 ms" });
  const long = await longSession(place);
  add("10,000 entries resumed, over bare reads", { ours: long.ours, floor: long.floor, digits: 0 });
  return rows;
}

/** Appends of ours and bare ones in turn, so that a machine that slows down slows both. */
async function appends(place) {
  return inPlace(place, async ({ open, sizeOf, floor }) => {
    const repository = open();
    await repository.create(record("one", 0));
    const claim = await repository.claim("one", { afterEpoch: 0, afterSeq: 0, owner: "bench", purpose: "run" });
    const count = 2_000;
    const ours = [];
    const bare = [];
    const before = await sizeOf?.();
    for (let seq = 1; seq <= count; seq += 1) {
      ours.push(await time(() => claim.append(seq, [entry(seq)])));
      if (floor !== undefined) bare.push(await time(() => floor.append(JSON.stringify(entry(seq)))));
    }
    await claim.release();
    await repository.close?.();
    const bytes = sizeOf === undefined ? undefined : ((await sizeOf()) - before) / count;
    return { ours, bare: floor && bare, bytes, length: JSON.stringify(entry(count)).length };
  });
}

/** Runs per second. */
async function concurrentRuns(place) {
  return inPlace(place, async ({ open }) => {
    const client = new WorkflowClient({ model, sessions: open() });
    const program = compileSpec(chainSpec(5));
    const all = () => Promise.all(Array.from({ length: 32 }, () => client.run(program)));
    await all();
    const spent = [];
    for (let round = 0; round < 5; round += 1) spent.push(await time(all));
    await client.close();
    return 32_000 / median(spent);
  });
}

/**
 * The newest sessions, those of the page, have completed; what is loaded or connected once is not what is asked. Where a page is
 * made of many requests, the floor is the same list of keys and a read of 100 objects.
 */
async function firstPage(place) {
  return inPlace(place, async ({ open, floor }) => {
    const repository = open();
    const count = 10_000;
    for (let made = 0; made < count; made += 50) {
      const make = async (_, i) => {
        const id = `s${made + i}`;
        await repository.create(record(id, made + i));
        if (made >= count - 200) await complete(repository, id);
      };
      await Promise.all(Array.from({ length: 50 }, make));
    }
    await repository.close?.();
    const reader = open();
    const isMany = floor?.page !== undefined;
    if (isMany) for (let i = 0; i < 100; i += 1) await floor.append(JSON.stringify(entry(1)));
    const spent = [];
    const bare = [];
    for (let round = 0; round < 8; round += 1) {
      spent.push(await time(() => reader.list()));
      if (isMany) bare.push(await time(() => floor.page()));
    }
    await reader.close?.();
    return { ours: median(spent.slice(1)), floor: isMany ? median(bare.slice(1)) : undefined };
  });
}

async function longSession(place) {
  return inPlace(place, async ({ open, floor }) => {
    const repository = open();
    await repository.create(record("one", 0));
    const claim = await repository.claim("one", { afterEpoch: 0, afterSeq: 0, owner: "bench", purpose: "run" });
    // Ten entries an append: what a busy run with branches makes.
    for (let seq = 1; seq <= 10_000; seq += 10) {
      const entries = Array.from({ length: 10 }, (_, i) => entry(seq + i));
      await claim.append(seq, entries);
      await floor?.append(entries.map((each) => JSON.stringify(each)).join("\n"));
    }
    await claim.release();
    await repository.close?.();
    const reader = open();
    await reader.list();
    const resume = async () => {
      const { entries, epoch } = await reader.load("one");
      const request = { afterEpoch: epoch, afterSeq: entries.length, owner: "bench", purpose: "run" };
      await (await reader.claim("one", request)).release();
    };
    const parse = async () => {
      for (const text of await floor.read()) for (const line of text.split("\n")) JSON.parse(line);
    };
    const spent = [];
    const bare = [];
    for (let round = 0; round < 5; round += 1) {
      spent.push(await time(resume));
      if (floor !== undefined) bare.push(await time(parse));
    }
    await reader.close?.();
    return { ours: median(spent), floor: floor && median(bare) };
  });
}

async function complete(repository, id) {
  const claim = await repository.claim(id, { afterEpoch: 0, afterSeq: 0, owner: "bench", purpose: "record" });
  const body = { runId: "r", lastResponse: "done", agentId: "a" };
  await claim.append(1, [{ ...entry(1), key: "run/r/end", kind: "run.completed", body }]);
  await claim.release();
}

async function inPlace(place, work) {
  const made = place();
  try {
    return await work(made);
  } finally {
    made.floor?.close?.();
    await made.remove();
  }
}

function record(id, age) {
  return {
    id,
    workflowName: "bench",
    patternType: "chain",
    specHash: "0".repeat(64),
    spec: chainSpec(5),
    variables: {},
    createdAt: 1_700_000_000_000 + age,
  };
}

function entry(seq) {
  const usage = { inputTokens: 120, outputTokens: 80 };
  const body = { agentId: "a", text: "x".repeat(180), finish: "stop", usage, provider: "bench" };
  return { v: 1, seq, epoch: 1, key: `steps/${seq}/model/0`, kind: "model", at: 1_700_000_000_000 + seq, body };
}

function at(times, part) {
  return [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * part)];
}
