import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));

const program = `
import { WorkflowBuilder } from "@strands/builders";
export const team = new WorkflowBuilder("n").withRuntime("offline").addAgent("a", "p").addAgent("b", "p")
  .declareInputs({ required: { topic: "string" }, optional: { n: { type: "integer", default: 3 } } });
export const open = team.chain().step("a");
export const chain = team.chain().step("a").hitl("Good?", { id: "ok" }).build();
export const tasks = team.workflow().task("t", "a", "x").hitlTask("r", "Good?", { deps: ["t"] }).build();
export const routes = team.routing().router("a").route("x", (steps) => steps.step("b")).build();
export const branches = team.parallel((parallel) => parallel.branch("l", (steps) => steps.step("a")).branch("m", (steps) => steps.step("b")).reduce("b", "x")).build();
export const graph = team.graph().node("x", "a", "y").node("z", "b", "y").edge("x", "z").build();
export const essay = team.evaluatorOptimizer().producer("a").evaluator("b", "{{ draft }}").accept(80).build();
export const study = team.orchestratorWorkers().orchestrator("a").workerTemplate("b").build();
`;

/** What a program outside of this package is told when it emits declarations. Reads what was built, as such a program does. */
function declarationProblems(text: string): readonly string[] {
  const path = `${examples}exported.ts`;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
    types: [],
    strict: true,
    skipLibCheck: true,
    declaration: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === path || fileExists.call(host, name);
  host.getSourceFile = (name, version, ...rest) =>
    name === path ? ts.createSourceFile(path, text, version) : getSourceFile.call(host, name, version, ...rest);
  const compiled = ts.createProgram([path], options, host);
  const source = compiled.getSourceFile(path);
  return [...compiled.getSemanticDiagnostics(source), ...compiled.getDeclarationDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"),
  );
}

it("lets a program export builders and built specs of every pattern", () => {
  expect(declarationProblems(program)).toEqual([]);
});
