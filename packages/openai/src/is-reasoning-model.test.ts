import { expect, it } from "vitest";
import { isReasoningModel } from "./is-reasoning-model.js";

it.each([
  "o1",
  "o1-mini",
  "o3-2025-04-16",
  "o4-mini",
  "gpt-5",
  "gpt-5-nano",
  "gpt-5.1-codex",
  "GPT-5-mini",
  "gpt-6",
  "gpt-10-pro",
  "ft:o4-mini-2025-04-16:us::x",
])("%s thinks", (id) => expect(isReasoningModel(id)).toBe(true));

it.each([
  "gpt-4o-mini",
  "gpt-4.1",
  "gpt-3.5-turbo",
  "gpt-5-chat-latest",
  "gpt-oss",
  "o",
  "o1lama",
  "opus",
  "llama3",
  "my-gpt-5",
  "ft:gpt-4o-mini:us::o1",
])("%s does not", (id) => expect(isReasoningModel(id)).toBe(false));
