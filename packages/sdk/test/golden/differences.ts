/** How our run of a recorded case differs from the recording, and the decision it follows from. */
export interface Difference {
  readonly differs: readonly string[];
  readonly because: string;
}

/**
 * Every difference there is. "Decision n" is a row of our decisions on the format, "trap n" of its list of traps; what is
 * not built yet says so. A case that is not here must equal its recording.
 */
export const differences: Readonly<Record<string, Difference>> = {
  "ex-atomic-ref-demo-openai": {
    because: "`output_schema` is enforced here; the recorded model answers its agents, which have one, with prose",
    differs: [
      'exit codes: "10", reference "0"',
      'extra call (summarizer at steps/0): "Your last answer does not fit the JSON Schema asked for: there is no JSON value "… (167 characters, f9137572)',
      'extra call (summarizer at steps/0): "Your last answer does not fit the JSON Schema asked for: there is no JSON value "… (167 characters, f9137572)',
      "call 2 (classifier at steps[1]): not made",
      'session: "failed", reference "completed"',
      "artifacts/artifacts/atomic-ref-demo.md: not written",
    ],
  },
  "ex-customer-support-intake-composite-openai": {
    because: "`output_schema` is enforced here; the recorded model answers its agents, which have one, with prose",
    differs: [
      'exit codes: "10", reference "0"',
      'extra call (summarize at tasks/summarize): "Your last answer does not fit the JSON Schema asked for: there is no JSON value "… (167 characters, f9137572)',
      'extra call (summarize at tasks/summarize): "Your last answer does not fit the JSON Schema asked for: there is no JSON value "… (167 characters, f9137572)',
      "call 2 (classify at tasks.classify): not made",
      'session: "failed", reference "completed"',
      "artifacts/artifacts/support-intake.md: not written",
    ],
  },
  "ex-compaction-test-openai": {
    because:
      "patterns.md 8.2: the file fails there for names that a person would expect; `name`, `runtime` and `context_policy` have values here",
    differs: [
      'exit codes: "0", reference "12"',
      'artifacts/compaction-test-result.md: only ours, "# Context Compaction Auto-Reduction Test Results\\n\\n**Workflow:** compaction-auto-"… (904 characters, 3d88c9dd)',
    ],
  },
  "ex-duckduckgo-search-demo": {
    because: "not built yet: structured notes",
    differs: ["artifacts/deep-research-notes.md: not written"],
  },
  "ex-evaluator-optimizer-resume-demo-openai.accept-first": {
    because:
      "patterns.md 8.2: the file fails there for names that a person would expect; `execution_context` has a value here, and decision 20 gives `join`",
    differs: [
      'exit codes: "0", reference "12"',
      'artifacts/final-essay.md: only ours, "# Essay: sample topic\\n\\nA1(writer): finding 1 in brief.\\nSecond line of answer 1.\\n"… (227 characters, bc82ea2a)',
    ],
  },
  "ex-evaluator-optimizer-resume-demo-openai": {
    because:
      "patterns.md 8.2: the file fails there for names that a person would expect; `execution_context` has a value here, and decision 20 gives `join`",
    differs: [
      'exit codes: "0", reference "12"',
      'artifacts/final-essay.md: only ours, "# Essay: sample topic\\n\\nA3(writer): finding 3 in brief.\\nSecond line of answer 3. "… (789 characters, 7284b077)',
    ],
  },
  "ex-evaluator-optimizer-resume-demo-openai.no-var": {
    because:
      "decision 4: evaluator templates see `inputs.values`, here a default; then the evaluator, which has no recorded answer, cannot be read",
    differs: [
      'exit codes: "10", reference "70"',
      'extra call (writer at draft/1): "You are a skilled technical writer. Write a concise, well-structured essay\\nabout"… (227 characters, 86f8decf)',
      'extra call (critic at evaluation/2): "Evaluate this essay:\\n\\nNot recorded."',
      'extra call (critic at evaluation/2/clarified): "Your last answer was not valid JSON of the shape asked for. Answer with this obj"… (192 characters, 2b16ca97)',
      'session: "failed", reference "running"',
    ],
  },
  "ex-jit-log-analysis-openai": {
    because: "not built yet: structured notes",
    differs: ["artifacts/log-analysis-notes.md: not written"],
  },
  "ex-orchestrator-hitl-review-openai.other": {
    because: "decision 30: `reject` ends the run as cancelled, with the reason",
    differs: [
      'exit codes: "19, 10", reference "19, 19, 0"',
      'calls before pause 1: "1", reference "4"',
      "pause 1: at none, reference reduce_review",
      "call 2 (worker at workers[0]): not made",
      "call 3 (worker at workers[1]): not made",
      "call 4 (worker at workers[2]): not made",
      "call 5 (reducer at reduce): not made",
      'session: "cancelled", reference "completed"',
      "artifacts/orchestrated-output.md: not written",
    ],
  },
  "ex-orchestrator-research-swarm-openai.fence-retry": {
    because: "decision 51 and decisions/0004-patterns.md: other fields of a task are passed along as JSON text",
    differs: [
      'call 3 prompt: "Only one\\n\\n{\\"priority\\":1}", reference "Only one"',
      'context workers: ":\\"Only one\\\\n\\\\n{\\\\\\"priority\\\\\\":1}\\"}]}", reference ":\\"Only one\\"}]}"',
    ],
  },
  "ex-parallel-hitl-branch-demo.no-answer": {
    because: "trap 37: a resume without an answer is refused, and no step is repeated",
    differs: [
      'exit codes: "19, 10", reference "19, 19"',
      'calls before pause 1: "2", reference "3"',
      'pause 1 context: "eb Data\\n\\nA1(web_scraper): finding 1 in brief.\\nSecond line of answer 1.", reference "eb Data\\n\\nA3(web_scraper): finding 3 in brief.\\nSecond line of answer 3. Detail: t"… (482 characters, 8ea92cb4)',
      "call 3 (web_scraper at branches.web_research.steps[0]): not made",
    ],
  },
  "ex-presets-long-run-research-openai": {
    because: "not built yet: structured notes",
    differs: ["artifacts/research-notes.md: not written"],
  },
  "ex-routing-hitl-review-openai.invalid-then-approved": {
    because: "decision 29: `yes` is accepted",
    differs: ['exit codes: "19, 0", reference "19, 10, 0"', 'calls before pause 1: "2", reference "1"'],
  },
  "ex-routing-hitl-review-openai.no-answer": {
    because: "a session that waits for an answer stays paused (decision 29)",
    differs: ['session: "paused", reference "failed"'],
  },
  "ex-tavily-deep-research-demo": {
    because: "not built yet: structured notes",
    differs: ["artifacts/tavily-research-notes.md: not written"],
  },
  "ex-test-notes-simple-openai": {
    because: "not built yet: structured notes",
    differs: ["artifacts/test-notes.md: not written"],
  },
  "fx-graph-conditional-choice": {
    because: "decision 20: the test `search` exists, so the graph goes on, with answers that were not recorded",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (publisher at nodes/publish/1): "Finalize: Score: 91"',
      'session: "completed", reference "failed"',
      'artifacts/artifacts/graph-conditional-result.md: only ours, "Not recorded.\\n"',
    ],
  },
  "fx-graph-conditional-choice.low": {
    because: "decision 20: the test `search` exists, so the graph goes on, with answers that were not recorded",
    differs: [
      'extra call (refiner at nodes/refine/1): "Improve: Score: 12"',
      'extra call (analyzer at nodes/analyze/2): "Analyze: Sample content for analysis"',
      'extra call (refiner at nodes/refine/2): "Improve: Not recorded."',
      'extra call (analyzer at nodes/analyze/3): "Analyze: Sample content for analysis"',
      'extra call (refiner at nodes/refine/3): "Improve: Not recorded."',
      'extra call (analyzer at nodes/analyze/4): "Analyze: Sample content for analysis"',
      'extra call (refiner at nodes/refine/4): "Improve: Not recorded."',
      'extra call (analyzer at nodes/analyze/5): "Analyze: Sample content for analysis"',
      'extra call (refiner at nodes/refine/5): "Improve: Not recorded."',
    ],
  },
  "fx-with-budgets": {
    because:
      "decision 61: inference parameters reach every provider, so nothing is refused and there is no report file",
    differs: [
      'exit codes: "0", reference "18"',
      'extra call (analyst at steps/0): "Analyze data"',
      'session: "completed", reference "null"',
      'artifacts/artifacts/analysis.md: only ours, "Not recorded.\\n"',
      "artifacts/with-budgets-unsupported.md: not written",
    ],
  },
  "xt-artifact-dotdot": {
    because:
      "decisions/0001-engine.md: paths of output files that can only lead out are found before anything runs, with 3 and their place in the file",
    differs: [
      'exit codes: "3", reference "12"',
      "call 1 (a at steps[0]): not made",
      "call 2 (b at steps[1]): not made",
      'session: "null", reference "completed"',
      "artifacts/first.md: not written",
    ],
  },
  "xt-artifact-exists": {
    because: "a run whose artifacts cannot be written has failed and can be resumed (patterns.md 5.3)",
    differs: ['session: "failed", reference "completed"'],
  },
  "xt-artifact-template-error": {
    because: "traps 75 and 17: `{{ $TRACE }}` means `TRACE`, empty without telemetry",
    differs: ['exit codes: "0", reference "12"', 'artifacts/two.md: only ours, ""'],
  },
  "xt-chain-fail-resume": {
    because: "a prompt whose call failed is not part of the conversation",
    differs: ['call 3 turn: "2", reference "3"', 'call 4 turn: "3", reference "4"'],
  },
  "xt-chain-required-missing.ask": {
    because:
      "`--ask` belongs to the command line, where it is tested; the engine fails at the first use as without it (trap 23)",
    differs: [
      'exit codes: "10", reference "2"',
      'extra call (a at steps/0): "one"',
      'session: "failed", reference "null"',
    ],
  },
  "xt-chain-retry-badconfig": {
    because: "decision 39: not our bug, so not 70; validation finds it before anything runs",
    differs: ['exit codes: "3", reference "70"', 'session: "null", reference "running"'],
  },
  "xt-chain-single-step.cli": {
    because: "trap 22: a chain of one step is a chain, `vars` included",
    differs: ['call 1 prompt: "v=1 cli", reference "v=cli cli"'],
  },
  "xt-chain-single-step": {
    because: "trap 22: a chain of one step is a chain, `vars` included",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (a at steps/0): "v=1 T"',
      'session: "completed", reference "running"',
    ],
  },
  "xt-chain-template-error-10": {
    because: "a template that can never be rendered is refused before anything runs",
    differs: [
      'exit codes: "3", reference "10"',
      "call 1 (a at steps[0]): not made",
      'session: "null", reference "failed"',
    ],
  },
  "xt-chain-template-error-4": {
    because: "decision 20: the filter `length` exists",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (b at steps/1): "1"',
      'extra call (c at steps/2): "never"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-chain-template-error-7": {
    because: "a template that can never be rendered is refused before anything runs",
    differs: [
      'exit codes: "3", reference "10"',
      "call 1 (a at steps[0]): not made",
      'session: "null", reference "failed"',
    ],
  },
  "xt-chain-template-error-8": {
    because: "decision 20: `range` exists",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (b at steps/1): "range(0, 3)"',
      'extra call (c at steps/2): "never"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-chain-templates": {
    because: "decisions/0003-templates.md: a whole number is an integer, however YAML writes it",
    differs: ['call 1 prompt: "00000000 1 100000000000000000000 True Fal", reference "00000000 1.0 1e+20 True Fal"'],
  },
  "xt-chain-tool-overrides": {
    because: "decision 55: one agent keeps one conversation along sequential steps, whatever tools they allow",
    differs: ['call 3 turn: "3", reference "2"', 'call 4 turn: "4", reference "3"'],
  },
  "xt-eval-custom": {
    because: "trap 2: without the newline after an answer, what follows it is not a word of its own",
    differs: ['context cumulative_tokens: "{\\"cumulative_tokens\\":292}", reference "{\\"cumulative_tokens\\":296}"'],
  },
  "xt-eval-custom.producer-error": {
    because:
      "decision 6 and resume: finished steps are not run again, the failed revision is, and evaluations count over the whole session",
    differs: [
      'call 4 prompt: "it=2 s=10 i=[\'issue one\', \'issue two\'] f=[\\"fix one\\"] d=[A1(p): finding 1 in br.."… (114 characters, 711d0d80), reference "Produce."',
      'call 4 turn: "2", reference "1"',
      'call 5 turn: "2", reference "1"',
      'call 6 prompt: "it=3 s=10 i=[\'", reference "it=2 s=10 i=[\'"',
      'call 6 turn: "3", reference "2"',
      'call 7 turn: "3", reference "2"',
      'call 8 prompt: "it=4 s=10 i=[\'", reference "it=3 s=10 i=[\'"',
      'call 8 turn: "4", reference "3"',
      'call 9 turn: "4", reference "3"',
      "call 10 (p at revision): not made",
      "call 11 (e at evaluator): not made",
    ],
  },
  "xt-graph-checks": {
    because:
      "decisions/0001-engine.md: what breaks a rule of the format is refused by validation, with 3 and a list of every problem on stderr instead of a report file",
    differs: ['exit codes: "3", reference "18"', "artifacts/graph-checks-unsupported.md: not written"],
  },
  "xt-graph-cond-17": {
    because: "an inline if in `when` is accepted (golden/README.md)",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (b at nodes/e/1): "condition true"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-graph-cond-21": {
    because: "trap 11: words inside string literals are not forbidden",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (b at nodes/f/1): "fallback"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-graph-cond-24": {
    because: "decision 20: `contains` exists in conditions",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (b at nodes/f/1): "fallback"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-graph-cond-25": {
    because: "a condition that can never be evaluated is refused before anything runs",
    differs: [
      'exit codes: "3", reference "10"',
      "call 1 (a at nodes.s): not made",
      'session: "null", reference "failed"',
    ],
  },
  "xt-graph-cond-26": {
    because: "a condition that can never be evaluated is refused before anything runs",
    differs: [
      'exit codes: "3", reference "10"',
      "call 1 (a at nodes.s): not made",
      'session: "null", reference "failed"',
    ],
  },
  "xt-graph-cond-27": {
    because: "decision 20: the filter `int` exists in conditions too",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (b at nodes/f/1): "fallback"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-graph-cond-31": {
    because: "decision 20: the filter `title` exists in conditions too",
    differs: [
      'exit codes: "0", reference "10"',
      'extra call (b at nodes/e/1): "condition true"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-graph-hitl-order": {
    because: "decision 45: `hitl_response` is the latest answer in time",
    differs: [
      'call 2 prompt: "h=answer second 1=answer first 2=answer second", reference "h=answer first 1=answer first 2=answer second"',
    ],
  },
  "xt-graph-hitl.empty": {
    because: "decision 32: prompts are rendered",
    differs: ['pause 0 prompt: "Ask T", reference "Ask {{ topic }}"'],
  },
  "xt-graph-hitl": {
    because: "decision 32: prompts are rendered",
    differs: [
      'pause 0 prompt: "Ask T", reference "Ask {{ topic }}"',
      'pause 1 prompt: "Ask T", reference "Ask {{ topic }}"',
    ],
  },
  "xt-graph-hitl.loop-limit": {
    because:
      "decision 32: prompts are rendered; decision 55: one agent keeps its conversation along sequential steps, resumes included",
    differs: [
      'pause 0 prompt: "Ask T", reference "Ask {{ topic }}"',
      'pause 1 prompt: "Ask T", reference "Ask {{ topic }}"',
      'pause 2 prompt: "Ask T", reference "Ask {{ topic }}"',
      'call 2 turn: "2", reference "1"',
      'call 3 turn: "3", reference "1"',
    ],
  },
  "xt-graph-hitl.timeout": {
    because: "decision 32: prompts are rendered",
    differs: ['pause 0 prompt: "Ask T", reference "Ask {{ topic }}"'],
  },
  "xt-graph-hitl.unmatched": {
    because: "decision 32: prompts are rendered",
    differs: ['pause 0 prompt: "Ask T", reference "Ask {{ topic }}"'],
  },
  "xt-load-array-default": {
    because: "trap 25: values of any type are accepted; a date stays the text it is",
    differs: [
      'exit codes: "0", reference "3"',
      'extra call (a at steps/0): "one [1, 2]"',
      'extra call (b at steps/1): "two"',
      'session: "completed", reference "null"',
    ],
  },
  "xt-load-date-value": {
    because: "trap 25: values of any type are accepted; a date stays the text it is",
    differs: [
      'exit codes: "0", reference "3"',
      'extra call (a at steps/0): "one 2024-01-02"',
      'extra call (b at steps/1): "two"',
      'session: "completed", reference "null"',
    ],
  },
  "xt-load-mismatch": {
    because: "problems are listed on stderr, there is no report file",
    differs: ["artifacts/tiny-unsupported.md: not written"],
  },
  "xt-load-yaml12": {
    because: "decisions/0003-templates.md: a whole number is an integer, however YAML writes it",
    differs: ['call 1 prompt: "yes on 12 12 1000 1000 True ~x", reference "yes on 12 12 1000 1000.0 True ~x"'],
  },
  "xt-orch-gate-decomp-badctx": {
    because: "decision 51 and decisions/0004-patterns.md: other fields of a task are passed along as JSON text",
    differs: [
      'call 3 prompt: "task two\\n\\n{\\"priority\\":1}", reference "task two"',
      'context workers: ":\\"task two\\\\n\\\\n{\\\\\\"priority\\\\\\":1}\\"},{\\"respo", reference ":\\"task two\\"},{\\"respo"',
    ],
  },
  "xt-orch-gates.empty-list": {
    because:
      "trap 31: an empty task list is approved once, then the run goes on; decision 32: the gate's prompt is rendered",
    differs: [
      'exit codes: "19, 19, 0", reference "19, 19, 19, 19"',
      'pause 0 prompt: "Split ok? T", reference "Split ok? {{ topic }}"',
      'calls before pause 1: "1", reference "2"',
      "pause 1: at reduce/review, reference decomposition_review",
      "pause 2: at none, reference decomposition_review",
      'extra call (s at reduce): "R h=two 0"',
      'extra call (f at writeup): "W h=True Not recorded."',
      "call 2 (o at orchestrator): not made",
      "call 3 (o at orchestrator): not made",
      "call 4 (o at orchestrator): not made",
      'session: "completed", reference "paused"',
      'artifacts/o.md: only ours, "Not recorded.|h=two"',
    ],
  },
  "xt-orch-gates": {
    because:
      "decision 51 and decisions/0004-patterns.md: other fields of a task are passed along as JSON text; decision 32: the gate's prompt is rendered",
    differs: [
      'pause 0 prompt: "Split ok? T", reference "Split ok? {{ topic }}"',
      'pause 1 context: ". task two\\n\\n{\\"priority\\":1}=A3(w): fi", reference ". task two=A3(w): fi"',
      'call 3 prompt: "task two\\n\\n{\\"priority\\":1}", reference "task two"',
      'context workers: ":\\"task two\\\\n\\\\n{\\\\\\"priority\\\\\\":1}\\"},{\\"respo", reference ":\\"task two\\"},{\\"respo"',
    ],
  },
  "xt-orch-gates.no-session": {
    because: "`--no-save-session` belongs to the command line, where it is tested; the engine has a session and pauses",
    differs: ['exit codes: "19", reference "70"', 'session: "paused", reference "null"'],
  },
  "xt-orch-gates.reject": {
    because:
      "decision 30: `reject` ends the run as cancelled, with the reason; decision 32: the gate's prompt is rendered",
    differs: [
      'exit codes: "19, 10", reference "19, 19, 0"',
      'pause 0 prompt: "Split ok? T", reference "Split ok? {{ topic }}"',
      'calls before pause 1: "1", reference "4"',
      "pause 1: at none, reference reduce_review",
      "call 2 (w at workers[0]): not made",
      "call 3 (w at workers[1]): not made",
      "call 4 (w at workers[2]): not made",
      "call 5 (s at reduce): not made",
      "call 6 (f at writeup): not made",
      'session: "cancelled", reference "completed"',
      "artifacts/o.md: not written",
    ],
  },
  "xt-orch-gates.timeout-both": {
    because:
      "decision 51 and decisions/0004-patterns.md: other fields of a task are passed along as JSON text; decision 32: the gate's prompt is rendered",
    differs: [
      'pause 0 prompt: "Split ok? T", reference "Split ok? {{ topic }}"',
      'pause 1 context: ". task two\\n\\n{\\"priority\\":1}=A3(w): fi", reference ". task two=A3(w): fi"',
      'call 3 prompt: "task two\\n\\n{\\"priority\\":1}", reference "task two"',
      'context workers: ":\\"task two\\\\n\\\\n{\\\\\\"priority\\\\\\":1}\\"},{\\"respo", reference ":\\"task two\\"},{\\"respo"',
    ],
  },
  "xt-orch-gates.timeout": {
    because:
      "decision 51 and decisions/0004-patterns.md: other fields of a task are passed along as JSON text; decision 32: the gate's prompt is rendered",
    differs: [
      'pause 0 prompt: "Split ok? T", reference "Split ok? {{ topic }}"',
      'pause 1 context: ". task two\\n\\n{\\"priority\\":1}=A3(w): fi", reference ". task two=A3(w): fi"',
      'call 3 prompt: "task two\\n\\n{\\"priority\\":1}", reference "task two"',
      'context workers: ":\\"task two\\\\n\\\\n{\\\\\\"priority\\\\\\":1}\\"},{\\"respo", reference ":\\"task two\\"},{\\"respo"',
    ],
  },
  "xt-par-hitl-two": {
    because:
      "decision 36: every open question is stored and nothing is repeated; decision 32: their prompts are rendered",
    differs: [
      "pause 0: also branches/b2/2",
      'pause 0 prompt: "B1? T", reference "B1? {{ topic }}"',
      'calls before pause 1: "5", reference "7"',
      "call 5 (a at branches.b2.steps[0]): not made",
      "call 7 (c at branches.b2.steps[1]): not made",
      'context branches: "sponse\\":\\"A2(a): finding 2 in brief.\\\\nSecond line of answer 2.\\",\\"tokens_estimated"… (182 characters, 5fe41d66), reference "sponse\\":\\"A5(a): finding 5 in brief.\\\\nSecond line of answer 5.\\",\\"tokens_estimated"… (182 characters, d4a93382)',
      'artifacts/p.md: "ponse\\": \\"A2(a): finding 2 in brief.\\\\nSecond line of answer 2.\\", \\"tokens_estimate"… (190 characters, 5bd4d5fc), reference "ponse\\": \\"A5(a): finding 5 in brief.\\\\nSecond line of answer 5.\\", \\"tokens_estimate"… (190 characters, 196f200e)',
    ],
  },
  "xt-par-hitl-two.no-answer": {
    because:
      "trap 37: a resume without an answer is refused; decision 36: every open question is stored and nothing is repeated; decision 32: their prompts are rendered",
    differs: [
      'exit codes: "19, 10, 19, 0", reference "19, 19, 19, 0"',
      "pause 0: also branches/b2/2",
      'pause 0 prompt: "B1? T", reference "B1? {{ topic }}"',
      'calls before pause 1: "4", reference "7"',
      "pause 1: also branches/b2/2",
      'pause 1 prompt: "B1? T", reference "B1? {{ topic }}"',
      'pause 1 context: "A1(a): finding 1 in brief.\\nSecond line of answer 1.a", reference "A5(a): finding 5 in brief.\\nSecond line of answer 5.a"',
      'calls before pause 2: "5", reference "10"',
      "call 5 (a at branches.b1.steps[0]): not made",
      "call 6 (a at branches.b2.steps[0]): not made",
      "call 7 (c at branches.b2.steps[1]): not made",
      "call 8 (a at branches.b2.steps[0]): not made",
      "call 10 (c at branches.b2.steps[1]): not made",
      'context branches: "sponse\\":\\"A1(a): finding 1 in brief.\\\\nSecond line of answer 1.\\",\\"tokens_estimated"… (996 characters, bd273185), reference "sponse\\":\\"A5(a): finding 5 in brief.\\\\nSecond line of answer 5.\\",\\"tokens_estimated"… (999 characters, 6f10a3dc)',
      'artifacts/p.md: "ponse\\": \\"A1(a): finding 1 in brief.\\\\nSecond line of answer 1.\\", \\"tokens_estimate"… (1038 characters, 5ce8395a), reference "ponse\\": \\"A5(a): finding 5 in brief.\\\\nSecond line of answer 5.\\", \\"tokens_estimate"… (1041 characters, f455c937)',
    ],
  },
  "xt-par-hitl-two.timeout": {
    because:
      "decision 36: every open question is stored and nothing is repeated; decision 32: their prompts are rendered",
    differs: [
      "pause 0: also branches/b2/2",
      'pause 0 prompt: "B1? T", reference "B1? {{ topic }}"',
      'calls before pause 1: "5", reference "7"',
      "call 5 (a at branches.b2.steps[0]): not made",
      "call 7 (c at branches.b2.steps[1]): not made",
      'context branches: "sponse\\":\\"A2(a): finding 2 in brief.\\\\nSecond line of answer 2.\\",\\"tokens_estimated"… (182 characters, 5fe41d66), reference "sponse\\":\\"A5(a): finding 5 in brief.\\\\nSecond line of answer 5.\\",\\"tokens_estimated"… (182 characters, d4a93382)',
      'artifacts/p.md: "ponse\\": \\"A2(a): finding 2 in brief.\\\\nSecond line of answer 2.\\", \\"tokens_estimate"… (190 characters, 5bd4d5fc), reference "ponse\\": \\"A5(a): finding 5 in brief.\\\\nSecond line of answer 5.\\", \\"tokens_estimate"… (190 characters, 196f200e)',
    ],
  },
  "xt-par-reduce-hitl.empty": {
    because:
      "decisions/0004-patterns.md: an empty answer to a HITL `reduce` is refused, and the session stays paused; decision 32: the prompt is rendered",
    differs: [
      'exit codes: "19, 10, 0", reference "19, 19, 0"',
      'pause 0 prompt: "Reduce T?", reference "Reduce {{ topic }}?"',
      'pause 1 prompt: "Reduce T?", reference "Reduce {{ topic }}?"',
    ],
  },
  "xt-par-reduce-hitl": {
    because: "decision 32: the prompt is rendered",
    differs: ['pause 0 prompt: "Reduce T?", reference "Reduce {{ topic }}?"'],
  },
  "xt-par-reduce-hitl.timeout": {
    because: "decision 32: the prompt is rendered",
    differs: ['pause 0 prompt: "Reduce T?", reference "Reduce {{ topic }}?"'],
  },
  "xt-par-reduce-vars-used": {
    because: "trap 49: a reduce step may have `vars`",
    differs: [
      'exit codes: "0", reference "10, 10"',
      'calls before pause 0: "3", reference "2"',
      'extra call (c at reduce): "1"',
      'session: "completed", reference "failed"',
    ],
  },
  "xt-routing-bad-router-input": {
    because: "a run that fails leaves a failed session (trap 38 fixes the same elsewhere)",
    differs: ['session: "failed", reference "running"'],
  },
  "xt-routing-defaults.bad-input-later": {
    because: "a prompt whose call failed is not part of the conversation",
    differs: ['call 3 turn: "1", reference "2"'],
  },
  "xt-routing-hitl-in-route": {
    because:
      "patterns.md 7: people expect questions in routes to work, so the file is not refused; its router has no recorded answer; there is no report file",
    differs: [
      'exit codes: "10", reference "18"',
      'extra call (r at router/0): "Choose one of these routes: one.\\nAnswer with one JSON object and nothing else: {"… (111 characters, 9d8d2f0b)',
      'extra call (r at router/1): "Your last answer could not be read. Answer with the JSON object only, without an"… (120 characters, 4528580e)',
      'extra call (r at router/2): "Your last answer could not be read. Answer with the JSON object only, without an"… (120 characters, 4528580e)',
      'session: "failed", reference "null"',
      "artifacts/routing-hitl-in-route-unsupported.md: not written",
    ],
  },
  "xt-wf-bad-dep": {
    because:
      "decisions/0001-engine.md: what breaks a rule of the format is refused by validation, with 3 and a list of every problem on stderr instead of a report file",
    differs: ['exit codes: "3", reference "18"', "artifacts/wf-bad-dep-unsupported.md: not written"],
  },
  "xt-wf-cycle": {
    because:
      "decisions/0001-engine.md: what breaks a rule of the format is refused by validation, with 3 and a list of every problem on stderr instead of a report file",
    differs: ['exit codes: "3", reference "18"', "artifacts/wf-cycle-unsupported.md: not written"],
  },
  "xt-wf-dup": {
    because:
      "decisions/0001-engine.md: what breaks a rule of the format is refused by validation, with 3 and a list of every problem on stderr instead of a report file; decision 48: duplicate ids are reported as duplicates",
    differs: ['exit codes: "3", reference "18"', "artifacts/wf-dup-unsupported.md: not written"],
  },
  "xt-wf-fail-resume": {
    because: "tasks that had finished are not run again",
    differs: [
      "call 4 (b at tasks.u): not made",
      'context tasks: "sponse\\":\\"A2(b): finding 2 in brief.\\\\nSecond line of answer 2.\\",\\"status", reference "sponse\\":\\"A4(b): finding 4 in brief.\\\\nSecond line of answer 4.\\",\\"status"',
    ],
  },
  "xt-wf-hitl-last": {
    because: "trap 1: a run that ends with an answer is complete and writes its artifacts",
    differs: ['exit codes: "19, 0", reference "19, 19"', 'artifacts/w.md: only ours, "approved"'],
  },
  "xt-wf-single": {
    because: "trap 22: a workflow of one task is a workflow, `tasks` included",
    differs: [
      'artifacts/w.md: "A1(a): finding 1 in brief.\\nSecond line of answer 1.True", reference "A1(a): finding 1 in brief.\\nSecond line of answer 1.False"',
    ],
  },
  "xt-wf-two-hitl-one-layer": {
    because: "decision 36: every pending question is stored",
    differs: ['exit codes: "19", reference "10"', 'session: "paused", reference "failed"'],
  },
};
