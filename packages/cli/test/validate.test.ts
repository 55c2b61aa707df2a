import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Workplace } from "./support/test-io.js";
import { chainYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("chain.yaml", chainYaml);
});
afterEach(() => place.remove());

describe("strands validate", () => {
  it("says what a valid file holds", async () => {
    expect(await place.strands(["validate", "chain.yaml"])).toEqual({
      code: 0,
      stdout: "OK Spec is valid: two-steps\n  Version: 1\n  Agents: 2\n  Pattern: chain\n",
      stderr: "",
    });
  });

  it("shows every problem with its place and a suggestion", async () => {
    place.write(
      "bad.yaml",
      chainYaml.replace("agent: first", "agent: frist").replace("prompt: You end.", "promt: You end."),
    );
    const { code, stdout, stderr } = await place.strands(["validate", "bad.yaml"]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("Validation failed: the workflow has 2 problems\n");
    expect(stderr).toMatch(/^ {2}bad\.yaml:\d+:\d+ {2}.*frist.*\n {4}did you mean `first`\?$/m);
    expect(stderr).toMatch(/^ {2}bad\.yaml:\d+:\d+ {2}.*promt/m);
  });

  it.each([
    ["cut.yaml", "version: 1\nname: [a"],
    ["twice.yaml", "version: 1\nversion: 2\n"],
    ["empty.yaml", ""],
    ["list.yaml", "- 1\n- 2\n"],
    ["cut.json", '{"version": 1,'],
  ])("refuses %s", async (name, text) => {
    place.write(name, text);
    const { code, stderr } = await place.strands(["validate", name]);
    expect(code).toBe(3);
    expect(stderr).toMatch(new RegExp(`${name.replace(".", "\\.")}:\\d+:\\d+`));
  });

  it("judges several files, and fails when one is bad", async () => {
    const { code, stdout, stderr } = await place.strands(["validate", "chain.yaml", "none.yaml"]);
    expect(code).toBe(3);
    expect(stdout).toContain("OK Spec is valid: two-steps  chain.yaml");
    expect(stderr).toContain("Validation failed: none.yaml: ");
  });

  it("gives one JSON document", async () => {
    place.write("bad.yaml", chainYaml.replace("agent: first", "agent: frist"));
    const { code, stdout } = await place.strands(["validate", "chain.yaml", "bad.yaml", "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      files: [
        { file: "chain.yaml", valid: true, name: "two-steps", agents: ["first", "second"], pattern: "chain" },
        { file: "bad.yaml", valid: false, issues: [{ code: "unknown_agent", line: expect.any(Number) }] },
      ],
    });
  });
});
