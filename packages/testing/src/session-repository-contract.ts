import { checkAppend } from "./session-contract-append.js";
import { checkClaim } from "./session-contract-claim.js";
import { checkContent } from "./session-contract-content.js";
import { checkDamage } from "./session-contract-damage.js";
import { checkDelete } from "./session-contract-delete.js";
import { checkFaults } from "./session-contract-faults.js";
import type { ContractSubject, SessionRepositoryContractOptions } from "./session-contract-kit.js";
import { sessionContractKit } from "./session-contract-kit.js";
import { checkList } from "./session-contract-list.js";
import { checkMachines } from "./session-contract-machines.js";
import { checkPaging } from "./session-contract-paging.js";
import { checkWriters } from "./session-contract-writers.js";

export type {
  ContractCapabilities,
  ContractRunner,
  ContractSubject,
  FaultySubject,
  SessionRepositoryContractOptions,
  StorageTrick,
} from "./session-contract-kit.js";

/**
 * Checks that a repository keeps the promises of `SessionRepository`. Every implementation runs it, ours and yours.
 * @example
 * sessionRepositoryContract({ name: "mine", describe, it, expect, create: () => openMine() });
 */
export function sessionRepositoryContract<S extends ContractSubject>(
  options: SessionRepositoryContractOptions<S>,
): void {
  const kit = sessionContractKit(options);
  options.describe(`session repository: ${options.name}`, () => {
    checkAppend(kit);
    checkContent(kit);
    checkClaim(kit);
    checkWriters(kit);
    checkList(kit);
    checkPaging(kit);
    checkDelete(kit);
    const { capabilities = {} } = options;
    checkDamage(kit, capabilities);
    const { openOnMachine, openFaulty, faults = { from: 1, step: 1 } } = capabilities;
    checkMachines(kit, openOnMachine);
    checkFaults(kit, openFaulty, faults);
  });
}
