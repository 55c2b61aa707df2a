import { checkAppend } from "./session-contract-append.js";
import { checkClaim } from "./session-contract-claim.js";
import type { ContractSubject, SessionRepositoryContractOptions } from "./session-contract-kit.js";
import { beginSession, runClaim, sessionContractKit } from "./session-contract-kit.js";
import { checkList } from "./session-contract-list.js";

export type { ContractRunner, ContractSubject, SessionRepositoryContractOptions } from "./session-contract-kit.js";

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
    checkClaim(kit);
    checkList(kit);

    const { test, expectCode } = kit;
    const { storeUnknownKind } = options.capabilities ?? {};
    if (storeUnknownKind !== undefined) {
      test("refuses an entry of a kind it does not know, when it reads and when it lists", async (subject) => {
        const claim = await beginSession(subject.repository);
        await claim.release();
        await storeUnknownKind(subject, "one");
        await expectCode(subject.reopen().load("one"), "SESSION_VERSION_UNKNOWN");
        await expectCode(subject.reopen().claim("one", runClaim(1, 0)), "SESSION_VERSION_UNKNOWN");
      });
    }
  });
}
