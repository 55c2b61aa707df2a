/**
 * The model of each provider when neither the agent nor the runtime names one. The only place such names stand: change
 * them here. Azure has none, since its models are deployments that users name themselves.
 */
export const defaultModels = {
  anthropic: "claude-sonnet-4-20250514",
  bedrock: "us.anthropic.claude-3-sonnet-20240229-v1:0",
  gemini: "gemini-2.5-flash",
  ollama: "gpt-oss",
  openai: "gpt-4o-mini",
} as const;
