import { FaultServer, failureOf } from "@strands/testing/model";
import { expect, it, vi } from "vitest";
import { createOpenAIProvider } from "../src/openai-provider.js";
import { ask, events } from "./ask.js";

// In a file of its own: the SDK keeps the methods of the console that it finds at its first call.
it("writes nothing to the console, where prompts and answers would show, whatever the environment says", async () => {
  const methods = ["log", "warn", "error", "info", "debug"] as const;
  const spies = methods.map((name) => vi.spyOn(console, name).mockImplementation(() => {}));
  vi.stubEnv("OPENAI_LOG", "debug");
  await using server = await FaultServer.start();
  server.play(events("{oops"));
  const provider = createOpenAIProvider({ env: {}, baseUrl: `${server.url}/v1` });
  await failureOf(ask(provider));
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
});
