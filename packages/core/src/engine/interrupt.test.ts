import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import type { Entry, EntryDraft, InterruptAnswer } from "../session/entry.js";
import { checkResponse, interruptsOf, openInterrupt, timeoutAnswer } from "./interrupt.js";

const place = { id: "i1", stepKey: "steps/1", sessionId: "s", specHash: "h", now: 1000 };

describe("openInterrupt", () => {
  it("records what the person is asked, and leaves out what is not given", () => {
    expect(openInterrupt({ prompt: "Go on?" }, place)).toEqual({
      id: "i1",
      stepKey: "steps/1",
      type: "input",
      prompt: "Go on?",
      context: "",
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const full = {
      type: "tool",
      prompt: "p",
      context: () => "c",
      choices: ["a"],
      pattern: "^a",
      default: "a",
      timeoutMs: 500,
    } as const;
    expect(openInterrupt(full, place)).toMatchObject({
      type: "tool",
      context: "c",
      choices: ["a"],
      pattern: "^a",
      default: "a",
      expiresAt: 1500,
    });
  });

  it("has a digest that changes with everything that gives the question its meaning", () => {
    const base = {
      prompt: "p",
      context: () => "c",
      choices: ["a", "b"],
      pattern: "x",
      default: "a",
      timeoutMs: 5,
    } as const;
    const variants = [
      openInterrupt(base, place),
      openInterrupt({ ...base, prompt: "q" }, place),
      openInterrupt({ ...base, context: () => "d" }, place),
      openInterrupt({ ...base, type: "tool" }, place),
      openInterrupt({ ...base, choices: ["a"] }, place),
      openInterrupt({ ...base, pattern: "y" }, place),
      openInterrupt({ ...base, default: "b" }, place),
      openInterrupt({ ...base, timeoutMs: 6 }, place),
      openInterrupt(base, { ...place, id: "i2" }),
      openInterrupt(base, { ...place, stepKey: "steps/2" }),
      openInterrupt(base, { ...place, sessionId: "t" }),
      openInterrupt(base, { ...place, specHash: "g" }),
    ];
    const digests = variants.map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(variants.length);
    expect(openInterrupt(base, place).digest).toBe(digests[0]);
  });
});

describe("checkResponse", () => {
  const interrupt = { id: "i", digest: "d", stepKey: "k", type: "input", prompt: "p", context: "" } as const;

  it("takes any text when nothing is asked for, also none", () => {
    for (const response of ["", " ", "yes", "\u0000"]) checkResponse(interrupt, response, "s");
    expect(() => checkResponse({ ...interrupt, choices: ["yes"] }, "", "s")).toThrow("not one of the accepted answers");
  });

  it("takes only a choice when there are choices, whatever its case and white space", async () => {
    const choosing = { ...interrupt, choices: ["retry", "done", "route:A b"] };
    for (const answer of ["done", " Done\n", "route: a b"]) checkResponse(choosing, answer, "s");
    const error = await errorOf(() => checkResponse(choosing, "do it", "s"));
    expect(error).toMatchObject({
      code: "INTERRUPT_INVALID",
      sessionId: "s",
      hint: "Answer one of: retry, done, route:A b.",
    });
  });

  it("takes feedback only where something can run again, and a rejection anywhere", async () => {
    const error = await errorOf(() => checkResponse(interrupt, "shorter", "s", "modify"));
    expect(error).toMatchObject({ code: "INTERRUPT_INVALID", hint: expect.stringContaining("reject") });
    checkResponse({ ...interrupt, revisable: true, choices: ["yes"] }, "shorter", "s", "modify");
    checkResponse({ ...interrupt, choices: ["yes"], pattern: "^yes$" }, "no budget", "s", "reject");
  });

  it("searches for the pattern, and hostile patterns cost no time", async () => {
    checkResponse({ ...interrupt, pattern: "ok|yes" }, "well yes!", "s");
    const error = await errorOf(() => checkResponse({ ...interrupt, pattern: "^\\d+$" }, "12a", "s"));
    expect(error.code).toBe("INTERRUPT_INVALID");
    expect(error.message).toContain("`^\\d+$`");
    expect(
      (await errorOf(() => checkResponse({ ...interrupt, pattern: "^(a+)+$" }, `${"a".repeat(40)}!`, "s"))).code,
    ).toBe("INTERRUPT_INVALID");
  });
});

describe("an answer that is too long for the question's pattern", () => {
  const interrupt = { id: "i", digest: "d", stepKey: "k", type: "input", prompt: "p", context: "" } as const;
  const pattern = "^(?:.*,){20}x$";

  it("is refused, with a length that can be checked", async () => {
    const response = "a,".repeat(25_000);
    const error = await errorOf(() => checkResponse({ ...interrupt, pattern }, response, "s"));
    expect(error).toMatchObject({
      code: "INTERRUPT_INVALID",
      message: "The answer is too long to be checked against the question's pattern",
      hint: expect.stringMatching(/^Give a shorter one: up to \d+ characters of this answer can be checked\.$/),
    });
    const checkable = Number(/\d+/.exec(error.hint ?? "")?.[0]);
    expect(checkable).toBeGreaterThan(100);
    const shorter = await errorOf(() => checkResponse({ ...interrupt, pattern }, response.slice(0, checkable), "s"));
    expect(shorter.message).toContain("does not match");
  });

  it("is taken where the pattern is quick", () => {
    checkResponse({ ...interrupt, pattern: "\\S" }, "a,".repeat(500_000), "s");
    checkResponse({ ...interrupt, pattern: "^[a,]+$" }, "a,".repeat(500_000), "s");
  });
});

it("takes the default when the time is up, and a fixed word without one", () => {
  const interrupt = { id: "i", digest: "d", stepKey: "k", type: "input", prompt: "p", context: "" } as const;
  const answer: InterruptAnswer = { id: "i", digest: "d", response: "timeout_expired", source: "timeout" };
  expect(timeoutAnswer(interrupt)).toEqual(answer);
  expect(timeoutAnswer({ ...interrupt, default: "" })).toEqual(answer);
  expect(timeoutAnswer({ ...interrupt, default: "skip" })).toEqual({ ...answer, response: "skip" });
});

it("lists every question of a journal with its answer and when it came", () => {
  const question = (id: string) => ({ id, digest: "d", stepKey: id, type: "input", prompt: "p", context: "" }) as const;
  const answer = { id: "b", digest: "d", response: "yes", source: "person" } as const;
  const drafts: EntryDraft[] = [
    { key: "a", kind: "interrupt.opened", body: question("a") },
    { key: "b", kind: "interrupt.opened", body: question("b") },
    { key: "b/answer", kind: "interrupt.answered", body: answer },
    { key: "z/answer", kind: "interrupt.answered", body: { ...answer, id: "z" } },
  ];
  const entries = drafts.map((draft, index): Entry => ({ v: 1, seq: index + 1, epoch: 1, at: index, ...draft }));
  expect(interruptsOf(entries)).toEqual([
    { interrupt: question("a"), answer: undefined, answeredAt: undefined },
    { interrupt: question("b"), answer, answeredAt: 2 },
  ]);
});
