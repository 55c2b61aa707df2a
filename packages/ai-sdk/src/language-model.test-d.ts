import type { LanguageModelV2, LanguageModelV3, LanguageModelV3CallOptions } from "@ai-sdk/provider";
import { expectTypeOf, it } from "vitest";
import type { aiSdkModel } from "./ai-sdk-model.js";
import type { AiSdkLanguageModel, CallOptions } from "./language-model.js";

it("takes the language models of the AI SDK as they are typed", () => {
  expectTypeOf<LanguageModelV2>().toExtend<AiSdkLanguageModel>();
  expectTypeOf<LanguageModelV3>().toExtend<AiSdkLanguageModel>();
  expectTypeOf<LanguageModelV3>().toExtend<Parameters<typeof aiSdkModel>[0]>();
});

it("asks for nothing they do not know", () => {
  expectTypeOf<keyof CallOptions>().toExtend<keyof LanguageModelV3CallOptions>();
});
