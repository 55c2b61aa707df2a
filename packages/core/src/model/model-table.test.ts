import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { gate } from "../../test/support/gate.js";
import { scriptedModel } from "../../test/support/scripted-model.js";
import type { Model, ModelProvider, ModelSettings } from "./model.js";
import { ModelTable } from "./model-table.js";

const settings = (provider: string, more: Partial<ModelSettings> = {}): ModelSettings => ({
  provider,
  modelId: undefined,
  host: undefined,
  region: undefined,
  ...more,
});

function provider(
  name: string,
  model: (asked: ModelSettings) => Model | Promise<Model>,
): ModelProvider & { asked: ModelSettings[] } {
  const asked: ModelSettings[] = [];
  return {
    name,
    asked,
    model(wanted) {
      asked.push(wanted);
      return model(wanted);
    },
  };
}

describe("ModelTable", () => {
  it("gives the one model for every agent when there is one", () => {
    const model = scriptedModel([]);
    const table = new ModelTable(model, []);
    expect(table.check([settings("whatever")])).toBeUndefined();
    expect(table.get(settings("whatever"))).toBe(model);
    expect(table.get(settings("other", { modelId: "m" }))).toBe(model);
  });

  it("makes a model of a function", () => {
    const stream = scriptedModel([]).stream;
    expect(new ModelTable(stream, []).get(settings("x"))).toMatchObject({ provider: "custom", stream });
  });

  it("asks a provider once for each distinct setting", () => {
    const openai = provider("openai", () => scriptedModel([]));
    const table = new ModelTable(undefined, [openai]);
    const first = table.get(settings("openai", { modelId: "a" }));
    expect(table.get(settings("openai", { modelId: "a" }))).toBe(first);
    expect(table.get(settings("openai", { modelId: "b" }))).not.toBe(first);
    expect(table.get(settings("openai", { modelId: "a", host: "h" }))).not.toBe(first);
    expect(table.get(settings("openai", { modelId: "a", region: "h" }))).not.toBe(first);
    expect(openai.asked).toHaveLength(4);
  });

  it("shares a model that takes time, and gives it at once when it is there", async () => {
    const model = scriptedModel([]);
    const made = gate<Model>();
    const openai = provider("openai", () => made.promise);
    const table = new ModelTable(undefined, [openai]);
    const both = [table.get(settings("openai")), table.get(settings("openai"))];
    made.open(model);
    expect(await Promise.all(both)).toEqual([model, model]);
    expect(table.get(settings("openai"))).toBe(model);
    expect(openai.asked).toHaveLength(1);
  });

  it("asks again after a model could not be made", async () => {
    const model = scriptedModel([]);
    let calls = 0;
    const openai = provider("openai", () => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error("no key")) : model;
    });
    const table = new ModelTable(undefined, [openai]);
    await expect(table.get(settings("openai"))).rejects.toThrow("no key");
    expect(table.get(settings("openai"))).toBe(model);
  });

  it("says which provider is missing and which is near", async () => {
    const table = new ModelTable(undefined, [
      provider("openai", () => scriptedModel([])),
      provider("ollama", () => scriptedModel([])),
    ]);
    expect(table.check([settings("openai")])).toBeUndefined();
    const near = await errorOf(() => table.check([settings("openai"), settings("opanai")]));
    expect(near).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED", provider: "opanai", hint: "Did you mean `openai`?" });
    const far = await errorOf(() => table.get(settings("bedrock")));
    expect(far.hint).toBe("Give the client a `model` or a provider named `bedrock` (it has: openai, ollama).");
    const none = await errorOf(() => new ModelTable(undefined, []).get(settings("bedrock")));
    expect(none.hint).toBe("Give the client a `model` or a provider named `bedrock`.");
  });

  it("has each provider look once at each distinct setting, and waits for those that are loaded first", async () => {
    const looked: unknown[] = [];
    const loaded = gate<void>();
    const quick: ModelProvider = {
      ...provider("a", () => scriptedModel([])),
      check: (asked) => void looked.push(asked),
    };
    const slow: ModelProvider = { ...quick, name: "b", check: () => loaded.promise };
    const table = new ModelTable(undefined, [quick, slow]);
    expect(table.check([settings("a"), settings("a"), settings("a", { host: "h" })])).toBeUndefined();
    expect(looked).toEqual([settings("a"), settings("a", { host: "h" })]);
    let done = false;
    const wait = table.check([settings("b")])?.then(() => {
      done = true;
    });
    expect(done).toBe(false);
    loaded.open();
    await wait;
    expect(done).toBe(true);
  });

  it("closes every provider that can be closed", async () => {
    const closed: string[] = [];
    const closing = (name: string): ModelProvider => ({
      ...provider(name, () => scriptedModel([])),
      async close() {
        closed.push(name);
      },
    });
    await new ModelTable(undefined, [closing("a"), provider("b", () => scriptedModel([])), closing("c")]).close();
    expect(closed).toEqual(["a", "c"]);
  });
});
