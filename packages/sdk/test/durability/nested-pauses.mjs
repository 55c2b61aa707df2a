// Workflows that pause once or twice: at the top, in a branch, in a route, in a loop, and around the workers of an
// orchestrator. The pattern of `<place>-<pauses>`.
const ask = (shows) => ({ type: "hitl", prompt: "And now?", context_display: shows });

const steps = (pauses) => [
  { agent: "ann", input: "{{ topic }}" },
  ask("{{ steps[0].response }}"),
  { agent: "ann", input: "{{ hitl_response }}" },
  ...(pauses === 1
    ? []
    : [ask("{{ steps[2].response }}"), { agent: "ben", input: "{{ steps[0].response }} {{ hitl_response }}" }]),
];

const results = "{% for w in workers %}{{ w.response }} {% endfor %}";

const places = {
  top: (pauses) => ({ type: "chain", config: { steps: steps(pauses) } }),
  branch: (pauses) => ({
    type: "parallel",
    config: {
      branches: [
        { id: "asks", steps: steps(pauses) },
        { id: "works", steps: [{ agent: "ann", input: "{{ topic }}" }] },
      ],
      reduce: { agent: "ben", input: "{{ branches.asks.response }} {{ branches.works.response }}" },
    },
  }),
  // Both pauses are open at the same time.
  branches: (pauses) => ({
    type: "parallel",
    config: {
      branches: [
        { id: "asks", steps: steps(1) },
        { id: "asks-too", steps: pauses === 1 ? [{ agent: "ann" }] : steps(1) },
      ],
    },
  }),
  route: (pauses) => ({
    type: "routing",
    config: {
      router: { agent: "ann", input: "{{ topic }}" },
      // biome-ignore lint/suspicious/noThenProperty: a key of the format
      routes: { "the right/one": { then: steps(pauses) }, other: { then: [{ agent: "ben" }] } },
    },
  }),
  loop: (pauses) => ({
    type: "graph",
    config: {
      nodes: {
        draft: { agent: "ann", input: "{{ topic }} {{ hitl_response }}" },
        check: ask("{{ nodes.draft.response }}"),
        done: { agent: "ben", input: "{{ nodes.draft.response }} {{ nodes.check.response }}" },
      },
      edges: [
        { from: "draft", to: ["check"] },
        {
          from: "check",
          choose: [
            { when: `nodes.check.iteration < ${pauses}`, to: "draft" },
            { when: "else", to: "done" },
          ],
        },
      ],
    },
  }),
  workers: (pauses) => ({
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: "ann" },
      worker_template: { agent: "ben" },
      decomposition_review: ask("{{ orchestrator_response }}"),
      ...(pauses === 1 ? {} : { reduce_review: ask(results) }),
      reduce: { agent: "ann", input: results },
    },
  }),
  reduce: (pauses) => ({
    type: "orchestrator_workers",
    config: {
      orchestrator: { agent: "ann" },
      worker_template: { agent: "ben" },
      ...(pauses === 1 ? {} : { reduce_review: ask(results) }),
      reduce: ask(results),
      writeup: { agent: "ben", input: "{{ reduce_response }}" },
    },
  }),
};

export const pausePlaces = Object.keys(places);

export const nestedPauses = Object.fromEntries(
  Object.entries(places).flatMap(([place, pattern]) => [1, 2].map((pauses) => [`${place}-${pauses}`, pattern(pauses)])),
);
