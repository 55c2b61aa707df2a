import { fileURLToPath } from "node:url";
import ts from "typescript";

const folder = fileURLToPath(new URL("../", import.meta.url));

/** What the compiler says about each of some programs, with the options of the tests. */
export function messagesOf(texts: readonly string[]): readonly (readonly string[])[] {
  const { program, paths } = programOf(texts);
  return paths.map((path) => {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  });
}

/** How many types the compiler instantiates for a program: what `tsc --extendedDiagnostics` calls instantiations. */
export function instantiationsOf(text: string): number {
  const { program, paths } = programOf([text]);
  const [problem] = program.getSemanticDiagnostics(program.getSourceFile(paths[0] ?? ""));
  if (problem !== undefined) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, "\n"));
  // Not in the published types of the compiler.
  return (program as unknown as { getInstantiationCount(): number }).getInstantiationCount();
}

/** What an editor offers inside the last pair of quotes of a program. */
export function completionsIn(text: string): readonly string[] {
  const path = `${folder}program.ts`;
  const options = compilerOptions();
  const service = ts.createLanguageService({
    getScriptFileNames: () => [path],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const content = name === path ? text : ts.sys.readFile(name);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => folder,
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === path || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  return service.getCompletionsAtPosition(path, text.lastIndexOf('""') + 1, {})?.entries.map(({ name }) => name) ?? [];
}

/** Files that are the same in every program are parsed once. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function programOf(texts: readonly string[]) {
  const files = new Map(texts.map((text, index) => [`${folder}program-${index}.ts`, text]));
  const paths = [...files.keys()];
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, version);
    if (!parsed.has(path)) parsed.set(path, getSourceFile.call(host, path, version, ...rest));
    return parsed.get(path);
  };
  return { program: ts.createProgram(paths, options, host), paths };
}

function compilerOptions(): ts.CompilerOptions {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${folder}../tsconfig.test.json`,
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
      },
    },
  );
  return { ...config?.options, noEmit: true, incremental: false, composite: false };
}
