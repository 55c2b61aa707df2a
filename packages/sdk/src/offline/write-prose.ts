import { type ProseKind, proseKindOf } from "./prose-kind.js";
import type { RequestView } from "./request-view.js";
import type { SeededRandom } from "./seeded-random.js";
import { focusWords, materialOf, simulatedMark, topicOf } from "./topic.js";

interface ProseParts {
  /** What it is about, in the prompt's words. */
  readonly topic: string;
  readonly random: SeededRandom;
  /** Bullets about words of the prompt. */
  readonly focus: readonly string[];
  /** What it takes up from the conversation, with a blank line before; may be empty. */
  readonly carried: string;
}

/**
 * Writes what the agent might write: Markdown of 80 to 200 words. It speaks about the shape of an answer and states no
 * facts, so nothing in it is untrue.
 */
export function writeProse(view: RequestView, random: SeededRandom): string {
  const topic = topicOf(view);
  const parts: ProseParts = {
    topic,
    random,
    focus: focusWords(view, topic, 2).map(
      (word) => `- **${word}**: named in the prompt, so a real answer would go into it.`,
    ),
    carried: carriedOver(view),
  };
  return `${simulatedMark}\n\n${writers[proseKindOf(view)](parts)}`;
}

function carriedOver(view: RequestView): string {
  const lines: string[] = [];
  const result = view.toolResults.at(-1);
  if (result !== undefined) {
    const text = excerpt(typeof result.content === "string" ? result.content : JSON.stringify(result.content));
    lines.push(
      result.isError
        ? `The tool \`${result.name}\` failed: “${text}”`
        : `The tool \`${result.name}\` gave back: “${text}”`,
    );
  }
  const material = materialOf(view);
  if (material?.type === "feedback") lines.push(`This takes up what was said: “${material.text}”`);
  if (material?.type === "earlier") lines.push(`It builds on the earlier step: “${material.text}”`);
  return lines.map((line) => `\n\n${line}`).join("");
}

function excerpt(text: string): string {
  const plain = text
    .slice(0, 400)
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll(simulatedMark, "")
    .trim();
  const words = plain.split(" ").slice(0, 20).join(" ").slice(0, 160);
  return words.length < plain.length ? `${words} …` : words;
}

const closing = "Made offline from the prompt alone; nothing was looked up and no model was asked.";

const writers: Readonly<Record<ProseKind, (parts: ProseParts) => string>> = {
  findings: ({ topic, random, focus, carried }) => {
    const bullets = random.some(
      [
        `- **Background**: where ${topic} comes from, and the words people use for it.`,
        "- **Present state**: how it looks today, who shapes it, and what changed lately.",
        "- **Figures**: the numbers worth checking before anybody repeats them.",
        "- **Voices**: what practitioners say, and what critics answer.",
        "- **Examples**: two or three cases that show it at work.",
        "- **Limits**: where it does not apply, or not yet.",
        `- **Open questions**: what nobody has settled about ${topic}.`,
      ],
      5,
    );
    return `## Findings: ${topic}

A researcher would bring back points like these, each with its source:

${[...bullets, ...focus].join("\n")}${carried}

The next step can work from this list in the order given. ${closing}`;
  },
  analysis: ({ topic, random, focus, carried }) => {
    const angle = random.pick([
      "cause and effect",
      "cost and benefit",
      "short term and long term",
      "strengths and weaknesses",
    ]);
    return `## Analysis: ${topic}

**Question.** What matters most about ${topic}, and for whom? The prompt is read here from the angle of ${angle}.

1. **Pattern.** An analyst would first group what is known about ${topic} and name what repeats.
2. **Tension.** Then come the points that pull in different directions, and what decides between them.
3. **Consequence.** Last, what follows for somebody who has to act, and how sure one can be of it.

${focus.join("\n")}${carried}

**Conclusion.** The weight lies on the first point; the second needs more evidence. ${closing}`.replace(
      /\n{3,}/g,
      "\n\n",
    );
  },
  article: ({ topic, random, focus, carried }) => {
    const lead = random.pick(["In brief", "A first look", "The short story", "Worth knowing"]);
    const opening = random.pick([
      `Ask three people about ${topic} and you may get three answers. This text shows where a writer would begin.`,
      `There is more than one way to tell the story of ${topic}. This text shows the shape such a story would have.`,
      `Some subjects explain themselves; ${topic} rewards a closer look. This text shows how one would be laid out.`,
    ]);
    return `# ${lead}: ${topic}

${opening}

## Why it matters

A writer would say here, in plain words, who meets ${topic} and what difference it makes to them.

## What stands out

${[`- The one point about ${topic} that a reader should remember.`, "- The example that makes it clear.", "- The doubt that an honest text would mention.", ...focus].join("\n")}${carried}

## In the end

A good closing returns to the first question and leaves the reader with something to do. ${closing}`;
  },
  summary: ({ topic, random, focus, carried }) => `## Summary: ${topic}

${random.pick(["The material comes down to a few points", "In short, the parts fit together like this", "Three things remain when the details are left out"])}:

- **Main point**: what all of the material says about ${topic}, in one sentence.
- **Support**: the strongest reason given for it, and where that reason comes from.
- **Difference**: where the parts disagree, and what that means for the reader.
- **Next**: what should be done, decided or looked into because of it.
${focus.join("\n")}${carried}

A real summary would keep the names and figures of its sources; this one keeps only their order. ${closing}`,
  plan: ({ topic, random, focus, carried }) => `## Plan: ${topic}

**Goal.** Bring ${topic} from an idea to something people use, ${random.pick(["in small steps", "with a clear end to each phase", "without promising more than is known"])}.

1. **Prepare**: agree on what done means, and on who decides.
2. **Try**: build the smallest version that shows whether it works.
3. **Check**: put it before the people concerned and write down what they say.
4. **Extend**: do the next part only when the one before holds.

**Risks**: too much at once, unclear ownership, and costs that nobody counted.
${focus.join("\n")}${carried}

**Needed**: people, time and money, each with a number that a real planner would work out. ${closing}`,
  code: ({ topic, random, carried }) => {
    const name = random.pick(["solve", "handle", "process"]);
    return `## Code: ${topic}

The outline below has the shape of a solution for ${topic}; a real model would fill it in.

\`\`\`python
def ${name}(items):
    """Outline only: ${topic.replaceAll('"', "'")}."""
    if not items:
        return []
    return [item for item in items if item is not None]
\`\`\`

- **Input**: a list, which may be empty or hold gaps.
- **Output**: a new list; the one given is left as it was.
- **Cost**: one pass over the input, so time grows with its length.
- **Tests**: an empty list, a list with one element, a list with gaps, and a very long one.${carried}

Before use, add types, error messages and the cases that the prompt names. ${closing}`;
  },
  review: ({ topic, random, focus, carried }) => `## Review: ${topic}

**Overall.** ${random.pick(["A sound start that needs one more round", "Clear in its aim, uneven in the details", "Useful as it stands, better after a few changes"])}: so a reviewer might begin about ${topic}.

**What works**

- The purpose is easy to see, and the parts come in a sensible order.
- The language suits the people it is meant for.

**What to change**

- Support the main claim with a source or an example.
- Say earlier what the reader should do with it.
- Cut what repeats, above all near the end.
${focus.join("\n")}${carried}

**Verdict.** Change these points, then look at it once more. ${closing}`,
  reply: ({ topic, random, carried }) => `## Reply: ${topic}

Hello,

${random.pick(["Thank you for your message", "Thanks for getting in touch", "Thank you for writing to us"])} about ${topic}. This is how an answer would be laid out:

1. **Understood**: one sentence that repeats the concern in the customer's own words.
2. **Likely reason**: what usually lies behind it, without blaming anybody.
3. **What to try**: two or three steps, the easiest first, each with the result to expect.
4. **If that fails**: whom to contact, with what details, and how long it takes.${carried}

Please write again if any of these steps is unclear; a person can then take over with everything said so far.

Kind regards

${closing}`,
  answer: ({ topic, random, focus, carried }) => `## Answer: ${topic}

${random.pick(["Here is how an answer would go", "An answer would run along these lines", "This is the outline of an answer"])}:

- **What was asked**: something about ${topic}, taken from the prompt.
- **What matters in it**: the part that decides the rest, and so comes first.
- **How it would be answered**: with a direct statement, a reason for it and an example.
- **What would stay open**: the points on which the prompt says too little.
${focus.join("\n")}${carried}

Any agent of this workflow that reads this answer sees these same words, which shows how text moves from step to step. ${closing}`,
};
