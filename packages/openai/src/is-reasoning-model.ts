/**
 * Whether a model is one that thinks before it answers, by its name: the o series, and gpt-5 and later. Those take
 * `max_completion_tokens` and refuse `temperature` and `top_p`. `gpt-5-chat` does not think; fine-tuned models are judged by
 * what they were made from.
 */
export function isReasoningModel(modelId: string): boolean {
  const base = modelId.toLowerCase().replace(/^ft:/, "");
  return /^(?:o[1-9]\d*(?![a-z\d])|gpt-(?:[5-9]|[1-9]\d)(?!\d))/.test(base) && !base.startsWith("gpt-5-chat");
}
