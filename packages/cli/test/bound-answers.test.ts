import { createClient } from "@strands/sdk";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Io } from "../src/io.js";
import { OptionValues } from "../src/option-values.js";
import { Screen } from "../src/render/screen.js";
import { planResume } from "../src/run/plan-resume.js";
import { readRunRequest } from "../src/run/run-request.js";
import { Workplace } from "./support/test-io.js";
import { reviewYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("review.yaml", reviewYaml);
});
afterEach(() => place.remove());

const silent = { isTTY: false, columns: 80, write: () => undefined };

it("an answer without an id is for the question that was open when the command began, not for the next one", async () => {
  await place.strands(["run", "review.yaml", "--offline"]);
  const id = await place.onlySession();
  const io: Io = {
    stdout: silent,
    stderr: silent,
    stdin: { isTTY: false, ask: async () => undefined },
    env: { STRANDS_SESSION_DIR: place.path("sessions") },
    cwd: place.folder,
    platform: "linux",
    user: "bob",
    owner: "test",
    onStop: () => () => undefined,
    keepResult: () => undefined,
  };
  const request = readRunRequest({
    io,
    args: [],
    options: new OptionValues({ resume: id, hitlResponse: "yes" }),
    secrets: [],
  });
  const plan = await planResume(request, id, new Screen(io, request));

  const sentBack = ["run", "-r", id, "--hitl-action", "modify", "--hitl-response", "shorter"];
  expect((await place.strands(sentBack)).code).toBe(19);

  await using client = createClient(plan.client);
  await expect(plan.start(client, {}).result).rejects.toMatchObject({
    code: "SESSION_CONFLICT",
    details: { answeredBy: "ada", response: "shorter" },
  });
});
