import { it } from "vitest";
import { createFileRepository } from "@strands/sessions/file";
import { createMemoryRepository } from "@strands/core";
import fs from "node:fs"; import os from "node:os"; import path from "node:path";
const rec = (id: string, createdAt = 1000): any => ({ id, workflowName: "w", patternType: "chain", specHash: "00", spec: { version: 0, name: "w", runtime: {provider:"x"}, agents:{}, pattern: { type: "chain", config: {} } }, variables: { a: 1 }, createdAt });
const model = (seq: number, epoch: number, text = "hello ".repeat(40)): any => ({ v: 1, seq, epoch, key: `steps/${seq}/model/0`, kind: "model", at: 1700000000000 + seq, body: { agentId: "a", input: "do it", text, finish: "stop", usage: { inputTokens: 1, outputTokens: 2 }, provider: "x" } });
it("smoke", async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "sess-"));
  const repo = createFileRepository({ directory });
  await repo.create(rec("s1"));
  const claim = await repo.claim("s1", { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" });
  for (let i = 1; i <= 5; i++) await claim.append(i, [model(i, 1)]);
  await claim.release();
  const st = await repo.load("s1");
  console.log(st.entries.length, st.epoch, st.notices);
  console.log(fs.readdirSync(directory + "/s1"), fs.readFileSync(directory + "/s1/journal-00000001.jsonl", "utf8").slice(0, 700));
  console.log(await repo.list());
  await repo.delete("s1"); console.log(fs.readdirSync(directory));
}, 60000);
it("bench", async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "sess-"));
  const mem = createMemoryRepository(); await mem.create(rec("m"));
  const mc = await mem.claim("m", { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" });
  { const es = Array.from({length:100000},(_, i)=>model(i+1,1,"x")); const t=performance.now(); for (let i=0;i<es.length;i++) await mc.append(i+1,[es[i]]); console.log("memory append ns", (performance.now()-t)/es.length*1e6); }
  const one = Buffer.from(JSON.stringify(model(1,1))+'aaaaaaaaaaaaaaaaaa\n');
  const floor = async (n: number, tag = "f") => { const fd = fs.openSync(path.join(directory, tag), "w"); let p=0; const t = performance.now(); for (let i = 0; i < n; i++) { fs.writeSync(fd, one, 0, one.length, p); p+=one.length; await new Promise<void>((r, j) => fs.fdatasync(fd, (e) => e ? j(e) : r())); } fs.closeSync(fd); return (performance.now() - t) / n * 1e3; };
  let k = 0;
  const ours = async (n: number, durability: any = "full") => { const repo = createFileRepository({ directory: directory + "/r", durability }); const id = `b${k++}`; await repo.create(rec(id)); const c = await repo.claim(id, { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" }); const t = performance.now(); for (let i = 1; i <= n; i++) await c.append(i, [model(i, 1)]); const r = (performance.now() - t) / n * 1e3; await c.release(); return r; };
  await floor(50); await ours(50);
  const F: number[] = [], O: number[] = [];
  for (let i = 0; i < 9; i++) { F.push(await floor(200)); O.push(await ours(200)); }
  const med = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]!;
  console.log("floor us", med(F), "ours us", med(O), "ratio", med(O) / med(F), "min ratio", O[0]! / F[0]!);
  console.log("process durability us", await ours(5000, "process"));
  { // 200 concurrent
    const go = async (f: (i: number) => Promise<unknown>) => { const t = performance.now(); await Promise.all(Array.from({ length: 200 }, (_, i) => f(i))); return performance.now() - t; };
    const repo = createFileRepository({ directory: directory + "/c" });
    const cs = await Promise.all(Array.from({ length: 200 }, async (_, i) => { await repo.create(rec(`c${i}`)); return repo.claim(`c${i}`, { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" }); }));
    const fds = Array.from({ length: 200 }, (_, i) => fs.openSync(path.join(directory, `x${i}`), "w"));
    const fl = () => go(async (i) => { for (let j = 0; j < 10; j++) { fs.writeSync(fds[i]!, one); await new Promise<void>((r, x) => fs.fdatasync(fds[i]!, (e) => e ? x(e) : r())); } });
    let base = 0; const ou = () => { const b = base; base += 10; return go(async (i) => { for (let j = 1; j <= 10; j++) await cs[i]!.append(b + j, [model(b + j, 1)]); }); };
    const a: number[] = [], b: number[] = []; for (let i = 0; i < 3; i++) { a.push(await fl()); b.push(await ou()); }
    console.log("200 concurrent x10: floor ms", a, "ours", b, "ratio", med(b) / med(a));
  }
  { // load 1000
    const repo = createFileRepository({ directory: directory + "/l", durability: "process" }); await repo.create(rec("L"));
    const c = await repo.claim("L", { afterEpoch: 0, afterSeq: 0, owner: "me", purpose: "run" }); for (let i = 1; i <= 1000; i++) await c.append(i, [model(i, 1)]); await c.release();
    const file = directory + "/l/L/journal-00000001.jsonl";
    const base = () => { const t = performance.now(); const ls = fs.readFileSync(file, "utf8").split("\n"); let n = 0; for (const l of ls) if (l) n += JSON.parse(l).seq; return performance.now() - t; };
    const full = createFileRepository({ directory: directory + "/l" });
    const B: number[] = [], L: number[] = [], R: number[] = [];
    for (let i = 0; i < 30; i++) { B.push(base()); let t = performance.now(); const s = await full.load("L"); L.push(performance.now() - t); const cl = await full.claim("L", { afterEpoch: s.epoch, afterSeq: 1000, owner: "x", purpose: "run" }); R.push(performance.now() - t); await cl.release(); }
    console.log("load: parse ms", med(B), "load", med(L), "load+claim", med(R), "ratio", med(L) / med(B), med(R) / med(B), fs.statSync(file).size);
  }
  { const repo = createFileRepository({ directory: directory + "/many", durability: "process" }); let t = performance.now(); for (let i = 0; i < 10000; i++) await repo.create(rec(`s${(i * 7919) % 10000}`, 1700000000000 + i)); console.log("create 10000 ms", performance.now() - t);
    const fresh = createFileRepository({ directory: directory + "/many" });
    for (let i = 0; i < 3; i++) { t = performance.now(); const p = await fresh.list(); console.log("first page ms", performance.now() - t, p.sessions.length, p.next, p.sessions[0]!.id); }
    t = performance.now(); const p = await fresh.list({ status: "failed" }); console.log("filter all ms", performance.now() - t, p.sessions.length);
  }
  fs.rmSync(directory, { recursive: true });
}, 120000);
