import { checkAnswers } from "./check-answers.js";
import { checkErrors } from "./check-errors.js";
import { checkLife } from "./check-life.js";
import { checkRequests } from "./check-requests.js";
import { checkSignals } from "./check-signals.js";
import { checkStopping } from "./check-stopping.js";
import { checkStreams } from "./check-streams.js";
import type { ModelContractOptions } from "./model-contract-kit.js";
import { modelContractKit } from "./model-contract-kit.js";

/**
 * Checks that a provider keeps the promises of `ModelProvider` and `Model`, against a server that speaks its vendor's
 * protocol and breaks it in every way. Every provider of ours runs it, and yours may.
 *
 * @example
 * modelContract({ name: "mine", describe, it, expect, wire: myWire, create: (host, key) => createMine({ host, key }), settings: {} });
 */
export function modelContract(options: ModelContractOptions): void {
  const kit = modelContractKit(options);
  options.describe(`model: ${options.name}`, () => {
    checkAnswers(kit);
    checkRequests(kit);
    checkErrors(kit);
    checkStreams(kit);
    checkStopping(kit);
    checkSignals(kit);
    checkLife(kit);
  });
}
