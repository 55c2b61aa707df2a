import { modelContract } from "@strands/testing/model";
import { describe, expect, it } from "vitest";
import { createBedrockProvider } from "../src/index.js";
import { bedrockWire } from "./support/bedrock-wire.js";

modelContract({
  name: "bedrock",
  describe,
  it,
  expect,
  wire: bedrockWire,
  create: (host, apiKey) => createBedrockProvider({ host, apiKey, env: {}, region: "eu-central-1" }),
  settings: {},
  skip: {
    "an answer packed with gzip is unpacked": "the AWS SDK asks for no packed answers, and unpacks none",
  },
});
