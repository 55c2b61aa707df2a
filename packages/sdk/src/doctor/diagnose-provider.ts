import { type ModelProvider, type ProviderDiagnosis, redact, StrandsError } from "@strands/core";

/** What is known about a provider without calling a model. Names and versions, never a value. */
export interface ProviderReport {
  readonly name: string;
  /** Whether a workflow could use it from here. */
  readonly ready: boolean;
  /** What it lacks, and how to mend that; null when it is ready. */
  readonly lacks: string | null;
  /** The vendor's package; its version is null when it is not installed. Null when the provider does not tell. */
  readonly package: { readonly name: string; readonly version: string | null } | null;
  readonly configuration: ProviderDiagnosis["configuration"];
  /** Null when nobody reached for it. */
  readonly reachable: { readonly ok: boolean; readonly detail: string } | null;
}

/** Looks at one provider. Never fails: what goes wrong is in the report. */
export async function diagnoseProvider(
  provider: ModelProvider,
  { online, signal }: { readonly online: boolean; readonly signal: AbortSignal },
): Promise<ProviderReport> {
  const { name } = provider;
  const lack = await failureOf(async () =>
    // The model is for a workflow to name.
    provider.check?.({ provider: name, modelId: "any", host: undefined, region: undefined }),
  );
  const local = await localFacts(provider, signal);
  const missing = local?.package.version === undefined && local !== undefined ? installHint(local.package.name) : null;
  const lacks = missing ?? lack;
  const seen = online && lacks === null ? await reach(provider, signal) : null;
  return {
    name,
    ready: lacks === null,
    lacks,
    package: local === undefined ? null : { name: local.package.name, version: local.package.version ?? null },
    configuration: local?.configuration ?? [],
    reachable: seen,
  };
}

function installHint(name: string): string {
  return `the package \`${name}\` is not installed. Install it: npm install ${name}`;
}

async function localFacts(provider: ModelProvider, signal: AbortSignal): Promise<ProviderDiagnosis | undefined> {
  try {
    return await provider.diagnose?.({ online: false, signal });
  } catch {
    return undefined;
  }
}

async function reach(provider: ModelProvider, signal: AbortSignal): Promise<ProviderReport["reachable"]> {
  try {
    const seen = await orAborted(provider.diagnose?.({ online: true, signal }), signal);
    const reachable = seen?.reachable;
    if (reachable === undefined) return null;
    if (reachable.ok) return { ok: true, detail: "answers" };
    return { ok: false, detail: redact([reachable.error.message, reachable.error.hint].filter(Boolean).join(". ")) };
  } catch (error) {
    return { ok: false, detail: signal.aborted ? "did not answer in time" : wordsOf(error) };
  }
}

/** Not every SDK listens to a signal. */
async function orAborted<T>(work: T, signal: AbortSignal): Promise<Awaited<T>> {
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
  });
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function failureOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return wordsOf(error);
  }
}

/** What an error says and advises, without credentials. */
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = StrandsError.isInstance(error) ? error.hint : undefined;
  return redact(hint === undefined ? message : `${message}. ${hint}`);
}
