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
