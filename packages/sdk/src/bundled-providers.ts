/** Names of the providers that a client of `createClient` has without being given any. */
export const bundledProviders: readonly string[] = ["offline"];
