import type { RecordedCall, RecordedCase } from "./recorded-case.js";

/** Says what a prompt of ours lacks, in words for a list of differences. */
export type WordingCheck = (prompt: string) => readonly string[];

/**
 * Prompts that the reference's engine words itself: ours are in our own words and carry the same facts.
 *
 * @returns the check of the facts, or `undefined` for a prompt that comes from the file and must be equal
 */
export function builtInWording(
  recorded: RecordedCase,
  call: RecordedCall,
  normalise: (text: string) => string,
): WordingCheck | undefined {
  const { facts } = call;
  if (facts !== undefined) return (prompt) => lacking(prompt, facts);
  for (const wording of wordings) {
    const match = wording.pattern.exec(call.input);
    if (match !== null && wording.roles.includes(call.role)) {
      const parts = match.slice(1).map((part) => normalise(part));
      return (prompt) => wording.check(prompt, parts, recorded, call);
    }
  }
  return undefined;
}

interface Wording {
  readonly roles: readonly string[];
  /** What the reference writes; its groups are the facts. */
  readonly pattern: RegExp;
  readonly check: (
    prompt: string,
    parts: readonly string[],
    recorded: RecordedCase,
    call: RecordedCall,
  ) => readonly string[];
}

const evaluationFacts = ["JSON", "score", "issues", "fixes"];

const wordings: readonly Wording[] = [
  // A blank input sends a short neutral instruction: providers refuse blank text (decision 81).
  {
    roles: ["step", "single", "task", "branch_step", "route_step", "reduce", "writeup"],
    pattern: /^\s*$/,
    check: (prompt) => (prompt.trim() === "" || prompt.length > 200 ? ["a short instruction"] : []),
  },
  {
    roles: ["node"],
    pattern: /^Execute task for node '(.*)'\. Prior nodes: (.*)\.$/,
    check: (prompt, [node = "", all = ""], recorded, call) => {
      // Only the nodes that have run are named (decision 46).
      const run = new Set(recorded.calls.filter(({ n }) => n < call.n).map(({ where }) => where.replace("nodes.", "")));
      const missing = lacking(prompt, [node, ...run]);
      const others = all.split(", ").filter((id) => id !== node && !run.has(id));
      return [...missing, ...others.filter((id) => hasWord(prompt, id)).map((id) => `no mention of ${id}`)];
    },
  },
  {
    roles: ["router"],
    pattern: /^([\s\S]*)\n\nRespond with valid JSON: \{"route": "<route_name>"\}$/,
    check: (prompt, [input = ""]) => [...startsWith(prompt, input), ...lacking(prompt.slice(input.length), routeFacts)],
  },
  {
    roles: ["router"],
    pattern:
      /^([\s\S]*)\n\nPrevious response was malformed\. Respond with ONLY valid JSON: \{"route": "<route_name>"\}$/,
    check: (prompt, [input = ""]) => [...startsWith(prompt, input), ...lacking(prompt.slice(input.length), routeFacts)],
  },
  {
    roles: ["evaluator"],
    pattern: /^Evaluate the following draft and return JSON with score \(0-100\), issues, and fixes:\n\n([\s\S]*)$/,
    check: (prompt, [draft = ""]) => lacking(prompt, [...evaluationFacts, "100", draft.trimEnd()]),
  },
  {
    roles: ["evaluator"],
    pattern: /^Your previous response was not valid JSON\.[\s\S]*?Evaluate this draft:\n\n([\s\S]*)$/,
    check: (prompt, [draft = ""]) => lacking(prompt, [...evaluationFacts, draft.trimEnd()]),
  },
  {
    roles: ["orchestrator"],
    pattern: /^You are an orchestrator agent\.[\s\S]*User input variables:\n([\s\S]*)\n\nNow break down[^\n]*$/,
    check: (prompt, [variables = "{}"]) => {
      const values = Object.entries(JSON.parse(variables) as Record<string, unknown>);
      const places = values.map(([name]) => prompt.indexOf(`"${name}"`));
      const inOrder = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
      const facts = values.flatMap(([name, value]) => [name, JSON.stringify(value)]);
      return [...lacking(prompt, ["JSON", "task", ...facts]), ...(inOrder ? [] : ["variables in order"])];
    },
  },
  {
    roles: ["orchestrator"],
    pattern: /^Your previous response was not valid JSON\.[\s\S]*failed to parse:\n([\s\S]*)\n$/,
    check: (prompt, [answer = ""]) => lacking(prompt, ["JSON", "task", answer.trimEnd()]),
  },
];

const routeFacts = ["JSON", "route"];

function startsWith(prompt: string, input: string): readonly string[] {
  return prompt.startsWith(input) ? [] : ["the rendered input first"];
}

function lacking(prompt: string, facts: readonly string[]): readonly string[] {
  return facts.filter((fact) => !prompt.includes(fact));
}

function hasWord(prompt: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[^\w]/g, "\\$&")}(?![\\w-])`).test(prompt);
}
