import type { ProviderDiagnosis } from "@strands/core";
import { allWordsOf, contractKey, errorReply, type ModelContractKit } from "./model-contract-kit.js";

const atOnce = 20;

/** Many calls, connections, and what a provider tells of itself. */
export function checkLife(kit: ModelContractKit): void {
  const { describe, test, expect, wire, reply } = kit;
  const signal = (): AbortSignal => new AbortController().signal;

  describe("connections", () => {
    test(`answers ${atOnce} calls at once, each with its own answer`, async ({ server, ask }) => {
      server.answer((request) => {
        const [message] = wire.readRequest(request).messages;
        const asked = message?.role === "user" ? message.content : "";
        return reply({ text: ["You said ", asked], toolCalls: [{ id: "c", name: "echo", pieces: [`"${asked}"`] }] });
      });
      const questions = Array.from({ length: atOnce }, (_, index) => `number ${index}`);
      const answers = await Promise.all(questions.map((content) => ask({ messages: [{ role: "user", content }] })));
      expect(answers.map(({ text }) => text)).toEqual(questions.map((question) => `You said ${question}`));
      expect(answers.map(({ toolCalls }) => toolCalls[0]?.input)).toEqual(questions);
    });

    test("uses a connection again for the next call", async ({ server, ask }) => {
      server.play(reply({ text: ["ok"] }));
      for (let call = 0; call < 3; call += 1) {
        await ask();
        // Clients take a connection for free only in the next turn.
        await new Promise<void>((resolve) => void setImmediate(resolve));
      }
      expect(server.connections).toBe(1);
    });

    test("says where it looked when nobody answers there", async ({ server, fail }) => {
      const { url } = server;
      await server.close();
      const error = await fail();
      expect(error.code).toBe("PROVIDER_UNAVAILABLE");
      expect(error.retryable).toBe(true);
      expect(error.statusCode).toBe(undefined);
      expect((error.hint ?? "").includes(url)).toBe(true);
    });

    test("close() may be called twice, and refuses later calls", async ({ server, provider, fail }) => {
      server.play(reply({ text: ["ok"] }));
      await provider.close?.();
      await provider.close?.();
      expect((await fail()).provider).toBe(provider.name);
      expect(server.requests.length).toBe(0);
    });
  });

  describe("diagnosis", () => {
    test("names the package, its version and the settings, calls nothing and shows no secret", async (subject) => {
      const { server, provider } = subject;
      const diagnosis = await provider.diagnose?.({ online: false, signal: signal() });
      expect(/^\d+\.\d+\.\d+/.test(diagnosis?.package.version ?? "")).toBe(true);
      expect((diagnosis?.configuration.length ?? 0) > 0).toBe(true);
      expect(diagnosis?.reachable).toBe(undefined);
      expect(allWordsOf(diagnosis).includes(contractKey)).toBe(false);
      expect(server.requests.length).toBe(0);
    });

    if (wire.listing !== undefined) {
      const listing = wire.listing();
      test("online: reaches the service without a model call", async ({ server, provider }) => {
        server.play(errorReply(200, listing));
        const diagnosis = await provider.diagnose?.({ online: true, signal: signal() });
        expect(diagnosis?.reachable).toEqual({ ok: true });
        expect(server.requests.map(({ method }) => method)).toEqual(["GET"]);
      });
    }

    test("online: tells of a wrong key", async ({ server, provider }) => {
      server.play(errorReply(401, wire.error(401, "auth", `Wrong key ${contractKey}`)));
      const diagnosis = await provider.diagnose?.({ online: true, signal: signal() });
      expect(codeIn(diagnosis)).toBe("PROVIDER_AUTH");
      expect(allWordsOf(diagnosis).includes(contractKey)).toBe(false);
    });

    test("online: tells when nobody answers", async ({ server, provider }) => {
      await server.close();
      expect(codeIn(await provider.diagnose?.({ online: true, signal: signal() }))).toBe("PROVIDER_UNAVAILABLE");
    });
  });
}

function codeIn(diagnosis: ProviderDiagnosis | undefined): string | undefined {
  const reachable = diagnosis?.reachable;
  return reachable?.ok === false ? reachable.error.code : undefined;
}
