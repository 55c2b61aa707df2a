import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Workplace } from "./support/test-io.js";
import { questionsYaml, reviewYaml, scriptYaml } from "./support/workflows.js";

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
  place.write("review.yaml", reviewYaml);
  place.write("script.yaml", scriptYaml);
});
afterEach(() => place.remove());

const begin = async (...more: readonly string[]) =>
  place.strands(["run", "review.yaml", "--script", "script.yaml", ...more]);

/** Id of the one question of a session. */
const questionOf = async (id: string): Promise<string> => {
  const { stdout } = await place.strands(["sessions", "show", id, "--json"]);
  const { interrupts } = JSON.parse(stdout) as {
    interrupts: readonly { readonly interrupt: { readonly id: string } }[];
  };
  return interrupts[0]?.interrupt.id ?? "";
};

describe("a workflow that asks a person", () => {
  it("pauses with exit 19 and says how to answer", async () => {
    const { code, stdout, stderr } = await begin("--out", "results");
    const id = await place.onlySession();
    expect(code).toBe(19);
    expect(stdout).toBe("");
    expect(stderr).toContain(
      "HITL Pause: human input required (steps/1)\n\n  Is [this] fine? </b>\n\nContext:\n  Draft: A first answer\n",
    );
    expect(stderr).toContain(
      `Resume with: strands run --resume ${id} --interrupt ${await questionOf(id)} --hitl-response 'your response'\n`,
    );
    expect(existsSync(place.path("results"))).toBe(false);
  });

  it("pauses all the same when what it is to show is no template", async () => {
    place.write("review.yaml", reviewYaml.replace(/(context_display: ).*/, '$1"{{ steps[0"'));
    const { code, stderr } = await begin();
    expect(code).toBe(19);
    expect(stderr).toContain("Context:\n  [context_display could not be rendered: ");
  });

  it("goes on with the answer, writes to the folder of the first run, and ends", async () => {
    await begin("--out", "results");
    const id = await place.onlySession();
    const { code, stdout, stderr } = await place.strands(["run", "--resume", id, "--hitl-response", "it's fine"]);
    expect([code, stdout]).toEqual([0, "A last answer\n"]);
    expect(stderr).toContain("Resuming workflow: review");
    expect(stderr).toContain("[OK] Workflow resumed successfully");
    expect(readFileSync(place.path("results", "final.md"), "utf8")).toBe("A last answer\n");
    const again = await place.strands(["run", "--resume", id]);
    expect(again.code).toBe(17);
    expect(again.stderr).toContain("has completed");
  });

  it("asks again when there is no answer: exit 10, still paused", async () => {
    await begin();
    const id = await place.onlySession();
    const { code, stderr } = await place.strands(["run", "--resume", id]);
    expect(code).toBe(10);
    expect(stderr).toContain("Is [this] fine?");
    expect(stderr).toContain("--hitl-response");
    expect((await place.strands(["run", "--resume", id, "--hitl-response", ""])).code).toBe(0);
  });

  it("tells an answer that came too late who was first: exit 17", async () => {
    await begin();
    const id = await place.onlySession();
    place.write("broken.yaml", "steps/2: { error: PROVIDER_AUTH }\n");
    expect((await place.strands(["run", "-r", id, "--hitl-response", "yes", "--script", "broken.yaml"])).code).toBe(10);
    const late = await place.strands(["run", "-r", id, "--hitl-response", "no"]);
    expect(late.code).toBe(17);
    expect(late.stderr).toContain("The session does not wait for an answer: it has failed.");
    expect(late.stderr).toContain("already answered by ada");
    expect((await place.strands(["run", "-r", id, "--hitl-response", "yes"])).code).toBe(0);
  });

  it("knows an interrupt by its id, and an unknown one: exit 10", async () => {
    const paused = JSON.parse((await begin("--json")).stdout) as {
      readonly sessionId: string;
      readonly interrupts: readonly { readonly id: string }[];
      readonly exitCode: number;
    };
    expect(paused.exitCode).toBe(19);
    const wrong = await place.strands(["run", "-r", paused.sessionId, "--interrupt", "nope", "--hitl-response", "x"]);
    expect(wrong.code).toBe(10);
    const right = await place.strands([
      "run",
      "-r",
      paused.sessionId,
      "--interrupt",
      paused.interrupts[0]?.id ?? "",
      "--hitl-response",
      "x",
    ]);
    expect(right.code).toBe(0);
  });

  it("needs a session: exit 2", async () => {
    const { code, stderr } = await begin("--no-save-session");
    expect(code).toBe(2);
    expect(stderr).toContain("--no-save-session");
  });

  it("names the folder of sessions in the command when one was given", async () => {
    const { stderr } = await begin("--session-dir", "my sessions");
    expect(stderr).toContain(`--session-dir '${place.path("my sessions")}'`);
  });

  it("says which options a resume ignores", async () => {
    await begin();
    const id = await place.onlySession();
    const { stderr } = await place.strands(["run", "-r", id, "--hitl-response", "x", "--var", "a=b", "--ask"]);
    expect(stderr).toContain("! --var has no effect on resume");
    expect(stderr).toContain("! --ask has no effect on resume");
  });
});

/** What `--json` says of a session with several questions. */
interface Paused {
  readonly sessionId: string;
  readonly interrupts: readonly { readonly id: string; readonly stepKey: string; readonly resume: string }[];
}

describe("several questions at once", () => {
  const beginQuestions = async (): Promise<Paused & { readonly left: string; readonly right: string }> => {
    place.write("questions.yaml", questionsYaml);
    const paused = JSON.parse((await place.strands(["run", "questions.yaml", "--offline", "--json"])).stdout) as Paused;
    const idOf = (stepKey: string) => paused.interrupts.find((one) => one.stepKey === stepKey)?.id ?? "";
    return { ...paused, left: idOf("branches/left/1"), right: idOf("branches/right/0") };
  };
  const resume = (id: string, ...more: readonly string[]) => place.strands(["run", "-r", id, ...more]);

  it("are all shown, each with its own command", async () => {
    place.write("questions.yaml", questionsYaml);
    const { code, stderr } = await place.strands(["run", "questions.yaml", "--offline"]);
    expect(code).toBe(19);
    for (const part of [
      "(branches/left/1) · question ",
      "(branches/right/0) · question ",
      "Is left fine?",
      "Context:\n  Left: ",
      "Is right fine?",
      "`skip` is taken.",
    ])
      expect(stderr).toContain(part);
    expect(stderr).toMatch(/question 1 of 2.*question 2 of 2/s);
    expect(stderr.match(/--interrupt \S+ --hitl-response/g)).toHaveLength(2);
  });

  it("have each its command in JSON, here and in `sessions show`, and each of them works", async () => {
    const { sessionId, interrupts } = await beginQuestions();
    const shown = JSON.parse((await place.strands(["sessions", "show", sessionId, "--json"])).stdout);
    for (const [index, interrupt] of interrupts.entries()) {
      const command = `strands run --resume ${sessionId} --interrupt ${interrupt.id} --hitl-response 'your response'`;
      expect([interrupt.resume, shown.interrupts[index].resume]).toEqual([command, command]);
    }
    const [, ...argv] = (interrupts[0]?.resume ?? "").replace("'your response'", "fine").split(" ");
    expect((await place.strands(argv)).code).toBe(19);
    const then = JSON.parse((await place.strands(["sessions", "show", sessionId, "--json"])).stdout);
    expect(then.interrupts.map((state: object) => "resume" in state)).toEqual([false, true]);
  });

  it("are answered one by one, by id", async () => {
    const { sessionId, left, right } = await beginQuestions();
    const first = await resume(sessionId, "--interrupt", right, "--hitl-response", "right is fine");
    expect(first.code).toBe(19);
    expect(first.stderr).toContain("Is left fine?");
    expect(first.stderr).not.toContain("Is right fine?");
    expect(first.stderr.match(/done before/g)).toHaveLength(1);
    expect(first.stderr).toContain("· 2 steps done before, not run again\n");
    const last = await resume(sessionId, "--interrupt", left, "--hitl-response", "left is fine");
    expect(last.code).toBe(0);
    expect(last.stdout).toContain("Branch left:\nleft is fine");
    expect(last.stdout).toContain("Branch right:\nright is fine");
  });

  it("need an id with the answer; without one they are shown: exit 10", async () => {
    const { sessionId, left, right } = await beginQuestions();
    const { code, stderr } = await resume(sessionId, "--hitl-response", "fine");
    expect(code).toBe(10);
    expect(stderr).toContain("The session waits for 2 answers; say which one this is");
    for (const id of [left, right]) expect(stderr).toContain(`--interrupt ${id} --hitl-response`);
    const json = JSON.parse((await resume(sessionId, "--hitl-response", "fine", "--json")).stdout);
    expect(json).toMatchObject({ exitCode: 10, error: { code: "INTERRUPT_NOT_FOUND" } });
    expect([...json.error.details.pending].sort()).toEqual([left, right].sort());
  });

  it("are asked on a terminal when no answer was given; an empty line leaves one open", async () => {
    const { sessionId, interrupts } = await beginQuestions();
    const { code, stderr } = await place.strands(["run", "-r", sessionId], { typed: ["", "second is fine"] });
    expect(code).toBe(19);
    expect(stderr.match(/question 1 of 2/g)).toHaveLength(1);
    const { stdout } = await place.strands(["sessions", "show", sessionId, "--json"]);
    const states = JSON.parse(stdout).interrupts as { interrupt: { id: string }; answer?: object }[];
    expect(states.map(({ interrupt, answer }) => [interrupt.id, answer])).toEqual([
      [interrupts[0]?.id, undefined],
      [interrupts[1]?.id, expect.objectContaining({ response: "second is fine", by: "ada", source: "person" })],
    ]);
    const done = await place.strands(["run", "-r", sessionId], { typed: ["first is fine"] });
    expect(done.code).toBe(0);
    expect(done.stdout).toContain("first is fine");
  });

  it("are shown with their commands when nobody answers on the terminal: exit 10", async () => {
    const { sessionId } = await beginQuestions();
    const { code, stderr } = await place.strands(["run", "-r", sessionId], { typed: [] });
    expect(code).toBe(10);
    expect(stderr).toContain("waits for an answer");
    expect(stderr.match(/--interrupt \S+ --hitl-response/g)).toHaveLength(2);
  });
});

describe("--hitl-action", () => {
  it("modify sends the step before back, and the question is asked anew", async () => {
    place.write("script.yaml", "steps/0: A first answer\nsteps/0@1.2: A shorter answer\nsteps/2: A last answer\n");
    await begin();
    const id = await place.onlySession();
    const old = await questionOf(id);
    const again = await place.strands(["run", "-r", id, "--hitl-action", "modify", "--hitl-response", "shorter"]);
    expect(again.code).toBe(19);
    expect(again.stderr).toContain("Draft: A shorter answer");
    const stale = ["run", "-r", id, "--interrupt", old, "--hitl-response", "yes"];
    expect((await place.strands(stale)).code).toBe(17);
    expect((await place.strands(["run", "-r", id, "--hitl-response", "yes"])).code).toBe(0);
    expect((await place.strands(["sessions", "show", id])).stdout).toContain("sent back by ada: shorter");
  });

  it("modify takes the next answer of a list that the script has for the step", async () => {
    place.write("script.yaml", "steps/0: [A first answer, A shorter answer, A third answer]\n");
    await begin();
    const id = await place.onlySession();
    for (const draft of ["A shorter answer", "A third answer"]) {
      const again = await place.strands(["run", "-r", id, "--hitl-action", "modify", "--hitl-response", "more"]);
      expect(again.stderr).toContain(`Draft: ${draft}`);
    }
  });

  it("reject ends the run for good, with or without a reason: exit 10", async () => {
    await begin();
    const id = await place.onlySession();
    const { code, stderr } = await place.strands(["run", "-r", id, "--hitl-action", "reject"]);
    expect(code).toBe(10);
    expect(stderr).toContain("Stopped: Rejected by ada.");
    expect(stderr).toContain("Start a new run");
    expect(stderr).not.toContain("Resume with");
    const { stdout } = await place.strands(["sessions", "show", id]);
    expect(stdout).toContain("rejected by ada");
    expect(stdout).toContain("A person rejected it");
    const json = JSON.parse((await place.strands(["run", "-r", id, "--json"])).stdout);
    expect(json).toMatchObject({ status: "cancelled", exitCode: 10, reason: "Rejected by ada" });
    expect(json.resume).toBeUndefined();
    const next = await begin("--auto-resume");
    expect(next.code).toBe(19);
    expect(next.stderr).toContain("It was rejected: it stays as it is.");
  });

  it.each([
    [["review.yaml", "--hitl-action", "reject"]],
    [["-r", "abcd", "--hitl-action", "modify"]],
    [["-r", "abcd", "--hitl-action", "approve", "--hitl-response", "x"]],
  ])("%j is a mistake: exit 2", async (argv) => {
    expect((await place.strands(["run", ...argv])).code).toBe(2);
  });

  it("modify is refused where there is nothing to run again: exit 10", async () => {
    place.write(
      "first.yaml",
      reviewYaml
        .replace("      - agent: author\n        input: Write.\n", "")
        .replace("steps[0].response", "name | default('')"),
    );
    await place.strands(["run", "first.yaml", "--offline"]);
    const id = await place.onlySession();
    const argv = ["run", "-r", id, "--hitl-action", "modify", "--hitl-response", "x"];
    const { code, stderr } = await place.strands(argv);
    expect(code).toBe(10);
    expect(stderr).toContain("Nothing can be run again at this question");
  });
});

describe("--auto-resume", () => {
  it("begins anew when there is nothing to go on with", async () => {
    expect((await begin("--auto-resume")).code).toBe(19);
  });

  it("goes on with the newest unfinished session of the same workflow, whatever the layout of the file", async () => {
    place.write("broken.yaml", "steps/0: A first answer\nsteps/2: { error: PROVIDER_AUTH }\n");
    await place.strands(["run", "review.yaml", "--script", "broken.yaml"]);
    const id = await place.onlySession();
    await place.strands(["run", "-r", id, "--hitl-response", "yes"]);
    place.write("review.yaml", `# a comment\n${reviewYaml}`);
    const { code, stderr, stdout } = await begin("--auto-resume");
    expect(stderr).toContain(`Auto-resume: session ${id.slice(0, 12)} (failed, `);
    expect([code, stdout]).toEqual([0, "A last answer\n"]);
  });

  it("leaves sessions of another workflow and finished ones alone", async () => {
    await begin();
    place.write("review.yaml", reviewYaml.replace("You write.", "You write well."));
    const { stderr, code } = await begin("--auto-resume", "-v");
    expect(code).toBe(19);
    expect(stderr).toContain("No unfinished session of this workflow");
  });

  it("says of an unfinished session of the file as it was before how to go on with it, and what has changed", async () => {
    await begin();
    const id = await place.onlySession();
    place.write("review.yaml", reviewYaml.replace("You write.", "You write well."));
    const { stderr } = await begin("--auto-resume");
    expect(stderr).toContain("! A paused session began before this file was changed; a new one begins now.\n");
    expect(stderr).toContain(`Go on with the old one: strands run --resume ${id}\nChanged since:\n`);
    expect(stderr).toContain("  ~ /agents/author/prompt: You write. -> You write well.\n");
    place.write("other.yaml", reviewYaml.replace("You write.", "You write much."));
    const other = await place.strands(["run", "other.yaml", "--script", "script.yaml", "--auto-resume"]);
    expect(other.stderr).not.toContain("Changed since");
  });

  it("says nothing of a session of the file as it was before that a person has rejected", async () => {
    await begin();
    await place.strands(["sessions", "reject", await place.onlySession(), "no"]);
    await place.strands(["run", "--resume", await place.onlySession()]);
    place.write("review.yaml", reviewYaml.replace("You write.", "You write well."));
    expect((await begin("--auto-resume")).stderr).not.toContain("Changed since");
  });

  describe("with an answer", () => {
    const answer = ["--auto-resume", "--hitl-response", "yes"];

    it("answers the question of the session it finds, once, however often it is said", async () => {
      place.write("broken.yaml", "steps/0: A first answer\nsteps/2: { error: PROVIDER_AUTH }\n");
      await place.strands(["run", "review.yaml", "--script", "broken.yaml"]);
      const id = await place.onlySession();
      const failed = await place.strands(["run", "review.yaml", "--script", "broken.yaml", ...answer]);
      expect([failed.code, failed.stderr.includes("Auto-resume")]).toEqual([10, true]);
      const { code, stderr, stdout } = await begin(...answer);
      expect(stderr).toContain(`Auto-resume: session ${id.slice(0, 12)} (failed, `);
      expect([code, stdout]).toEqual([0, "A last answer\n"]);
      const { entries } = JSON.parse((await place.strands(["sessions", "export", id])).stdout) as {
        entries: readonly { readonly kind: string; readonly body: object }[];
      };
      expect(entries.filter(({ kind }) => kind === "interrupt.answered").map(({ body }) => body)).toMatchObject([
        { response: "yes", by: "ada" },
      ]);
    });

    it("rejects and sends back as --resume does", async () => {
      await begin();
      const back = await begin("--auto-resume", "--hitl-action", "modify", "--hitl-response", "shorter");
      expect(back.code).toBe(19);
      const { code, stderr } = await begin("--auto-resume", "--hitl-action", "reject");
      expect([code, stderr.includes("Stopped: Rejected by ada.")]).toEqual([10, true]);
    });

    it("passes by a session that has no such question, and never begins a new one", async () => {
      const none = await begin(...answer);
      expect(none.code).toBe(10);
      expect(none.stderr).toContain("No unfinished session of this workflow waits for this answer");
      expect(JSON.parse((await place.strands(["sessions", "list", "--json"])).stdout)).toMatchObject({ sessions: [] });
      await begin();
      const asked = await place.onlySession();
      place.write("broken.yaml", "steps/0: { error: PROVIDER_AUTH }\n");
      await place.strands(["run", "review.yaml", "--script", "broken.yaml"]);
      const { code, stderr } = await begin(...answer, "--interrupt", await questionOf(asked));
      expect([code, stderr.includes("It has no question for this answer: it stays as it is.")]).toEqual([0, true]);
      expect(stderr).toContain(`Auto-resume: session ${asked.slice(0, 12)} (paused`);
      expect((await begin(...answer, "--interrupt", "another")).code).toBe(10);
    });

    it("lists the questions when several are open, each with its command", async () => {
      place.write("review.yaml", questionsYaml);
      await begin();
      const id = await place.onlySession();
      const { code, stderr } = await begin(...answer);
      expect(code).toBe(10);
      expect(stderr).toMatch(/The session waits for \d answers; say which one this is/);
      const commands = stderr.match(/Resume with: strands run --resume \S+ --interrupt \S+ --hitl-response/g) ?? [];
      expect(commands.length).toBeGreaterThan(1);
      const question = await questionOf(id);
      expect(commands.some((command) => command.includes(`--resume ${id} --interrupt ${question}`))).toBe(true);
      expect((await begin(...answer, "--interrupt", question)).code).toBe(19);
    });
  });
});

describe("--ask", () => {
  const needing = reviewYaml.replace(
    "outputs:",
    "inputs:\n  required:\n    count: { type: integer, description: How many }\n    colour: { type: string, enum: [red, green] }\noutputs:",
  );

  it("asks for what is missing, until it fits", async () => {
    place.write("review.yaml", needing);
    const { code, stderr } = await begin("--ask", "-v");
    expect(code).toBe(2);
    expect(stderr).toContain("--var count=<value> --var colour=<value>");
    const asked = await place.strands(["run", "review.yaml", "--offline", "--ask", "-v"], {
      typed: ["many", "3", "blue", "green"],
    });
    expect(asked.code).toBe(19);
    expect(asked.stderr).toContain("count (integer)\n  How many\n");
    expect(asked.stderr).toContain("is declared as `integer`");
    expect(asked.stderr).toContain("`blue` is not one of the choices.");
    expect(asked.stderr).toContain("Variable: count = 3\nVariable: colour = green\n");
  });

  it("asks nothing when nothing is missing, and stops when the input ends", async () => {
    place.write("review.yaml", needing);
    expect((await begin("--ask", "--var", "count=1", "--var", "colour=red")).code).toBe(19);
    expect((await place.strands(["run", "review.yaml", "--offline", "--ask"], { typed: ["1"] })).code).toBe(2);
  });
});
