import { type SupportedFeatures, supportedFeatures } from "@strands/sdk";
import type { Command, CommandContext } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { Screen } from "../render/screen.js";
import { type Document, documentText } from "../render/section-text.js";

/** `strands list-supported` */
export const listSupportedCommand: Command = {
  description: "List what of the workflow format this version supports, as the engine itself knows it.",
  arguments: [],
  options: [],
  examples: ["strands list-supported", "strands list-supported --json"],
  run,
};

async function run({ io, options }: CommandContext): Promise<number> {
  const screen = new Screen(io, { json: options.flag("json") });
  const features = supportedFeatures();
  if (screen.manner.json) screen.json(features);
  else screen.result(documentText(document(features), screen));
  return exitCodes.ok;
}

function document(features: SupportedFeatures): Document {
  const { patterns, providers, bundledProviders, filters, tests, functions, conditionFunctions, inactive } = features;
  const names = [...new Set([...bundledProviders, ...providers])];
  return {
    title: "Supported by this version",
    sections: [
      { title: "Patterns", lines: patterns },
      {
        title: "Providers",
        rows: names.map((name) => [
          name,
          bundledProviders.includes(name) ? "included" : "known to the format, not included",
        ]),
      },
      { title: "Template filters", lines: [filters.join(", ")] },
      { title: "Template tests", lines: [tests.join(", ")] },
      { title: "Template functions", lines: [functions.join(", ")] },
      { title: "Condition functions", lines: [conditionFunctions.join(", ")] },
      {
        title: "Read, but not acted on yet",
        rows: inactive.map(({ pointer, message }) => [pointer.slice(1).replaceAll("/", "."), message]),
      },
    ].filter(({ rows, lines }) => (rows ?? lines ?? []).length > 0),
  };
}
