/** What people are told about a provider in errors and by `strands doctor`. */
export interface ProviderIdentity {
  /** The name a spec uses, such as `openai`. */
  readonly name: string;
  /** The vendor's or product's own name, such as `OpenAI`. */
  readonly title: string;
  /** npm package of the vendor's SDK. */
  readonly sdk: string;
  /** What is to be installed, when it is more than `sdk`. */
  readonly install?: string;
  /** Environment variables that may hold the key; the first that is not blank counts. Empty when there is none. */
  readonly keyVariables: readonly string[];
  /** How to mend credentials, in one sentence, when setting one of `keyVariables` is not the way. */
  readonly credentialsHint?: string;
  /** How to find the names of models, in one sentence. */
  readonly modelsHint: string;
}
