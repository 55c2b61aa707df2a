import { describe, expect, it } from "vitest";
import { ollamaHost } from "./ollama-host.js";

describe("ollamaHost", () => {
  it.each([
    [["http://a:1", "http://b:2", "c:3"], "http://a:1"],
    [[undefined, "http://b:2", "c:3"], "http://b:2"],
    [[undefined, " ", "c:3"], "http://c:3"],
    [[undefined, undefined, undefined], "http://127.0.0.1:11434"],
  ])("takes the first that is set: %j", (candidates, url) => {
    expect(ollamaHost(candidates).url).toBe(url);
  });

  it.each([
    ["gpu-box", "http://gpu-box:11434"],
    [":4711", "http://127.0.0.1:4711"],
    ["0.0.0.0:11434", "http://127.0.0.1:11434"],
    ["https://ollama.com", "https://ollama.com"],
    ["http://gpu-box", "http://gpu-box"],
    ["http://proxy/ollama/", "http://proxy/ollama"],
    ["[::1]:11434", "http://[::1]:11434"],
  ])("reads %s", (text, url) => {
    expect(ollamaHost([text])).toEqual({ url, basic: undefined });
  });

  it("takes name and password out of the URL", () => {
    expect(ollamaHost(["http://me:p%40ss@box:1"])).toEqual({ url: "http://box:1", basic: btoa("me:p@ss") });
  });

  it.each(["http://", "ftp://box", "a b", "javascript:alert(1)"])("refuses %s", (text) => {
    expect(() => ollamaHost([text])).toThrowError(
      expect.objectContaining({ code: "PROVIDER_NOT_CONFIGURED", hint: expect.stringContaining("OLLAMA_HOST") }),
    );
  });
});
