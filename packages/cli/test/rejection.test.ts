import { afterEach, beforeEach, expect, it } from "vitest";
import { Workplace } from "./support/test-io.js";

const yaml = `version: 1
name: study
runtime: { provider: offline }
agents: { planner: { prompt: p }, worker: { prompt: w } }
pattern:
  type: orchestrator_workers
  config:
    orchestrator: { agent: planner }
    decomposition_review: { type: hitl, prompt: "Right?" }
    worker_template: { agent: worker }
`;

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("study.yaml", yaml);
});
afterEach(() => place.remove());

it("a rejected plan ends the run with the reason: exit 10, nothing to resume", async () => {
  expect((await place.strands(["run", "study.yaml"])).code).toBe(19);
  const id = await place.onlySession();
  const { code, stdout, stderr } = await place.strands(["run", "-r", id, "--hitl-response", "reject: too dear"]);
  expect([code, stdout]).toEqual([10, ""]);
  expect(stderr).toContain("Stopped: Rejected: too dear.");
  expect(stderr).not.toContain("Resume with");
  const again = await place.strands(["run", "-r", id, "--json"]);
  expect(again.code).toBe(10);
  const result = JSON.parse(again.stdout);
  expect(result).toMatchObject({ status: "cancelled", reason: "Rejected: too dear" });
  expect(result).not.toHaveProperty("resume");
});

it("says what a gate accepts, and takes a no for no approval", async () => {
  const first = await place.strands(["run", "study.yaml", "--budget", "max_steps=50"]);
  expect(first.stderr).toContain("Accepted: approve, `reject: reason`, `modify: feedback`, or an edited JSON list");
  // A limit holds for one run; the command that goes on carries it.
  expect(first.stderr).toContain("--budget max_steps=50");
  const id = await place.onlySession();
  const { code, stderr } = await place.strands(["run", "-r", id, "--hitl-response", "no, split it differently"]);
  expect(code).toBe(19);
  expect(stderr).toContain("decomposition/1@2");
  expect(stderr).not.toContain("[workers/");
});

it("does not offer a resume that would fail in the same way", async () => {
  place.write(
    "loop.yaml",
    `version: 1
name: loop
runtime: { provider: offline }
agents: { a: { prompt: p } }
pattern:
  type: graph
  config:
    max_iterations: 2
    nodes: { x: { agent: a }, y: { agent: a } }
    edges: [{ from: x, choose: [{ when: "true", to: x }, { when: else, to: y }] }]
`,
  );
  const { code, stderr } = await place.strands(["run", "loop.yaml"]);
  expect(code).toBe(10);
  expect(stderr).toContain("was visited 2 times");
  expect(stderr).toContain("Start a new run once that is mended");
  expect(stderr).not.toContain("Resume with");
});
