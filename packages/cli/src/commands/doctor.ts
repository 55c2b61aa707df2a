import { diagnoseMachine, type MachineDiagnosis, type ProviderReport } from "@strands/sdk";
import { type Command, type CommandContext, storageOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import { printableLine } from "../render/printable-text.js";
import { Screen } from "../render/screen.js";
import { sessionPlace } from "../session-place.js";

/** `strands doctor` */
export const doctorCommand: Command = {
  description: "Check that this machine can run workflows, and which providers are ready.",
  arguments: [],
  options: [
    ...storageOptions,
    { flags: "--online", description: "also reach for the services of providers that are ready; calls no model" },
  ],
  examples: ["strands doctor", "strands doctor --online", "strands doctor --json"],
  notes:
    "Exit code 0 when workflows can run, 10 when they cannot. Providers have no say in it: nobody uses all of them. Values of variables are never shown.",
  run,
};

async function run(context: CommandContext): Promise<number> {
  const { options, secrets } = context;
  const { location } = sessionPlace(context);
  const screen = new Screen(context.io, { json: options.flag("json") }, secrets);
  const diagnosis = await diagnoseMachine({ ...location, online: options.flag("online") });
  if (screen.manner.json) screen.json(diagnosis);
  else print(diagnosis, screen);
  return diagnosis.ok ? exitCodes.ok : exitCodes.runtime;
}

function print({ ok, checks, providers }: MachineDiagnosis, screen: Screen): void {
  const { green, red, dim } = screen.outStyle;
  for (const check of checks) {
    screen.result(`${check.ok ? green("✓") : red("✗")} ${check.name}: ${printableLine(check.detail)}`);
  }
  screen.result("");
  screen.result("Providers");
  for (const provider of providers) {
    const mark = provider.reachable?.ok === false ? red("✗") : provider.ready ? green("✓") : dim("·");
    screen.result(`${mark} ${provider.name}: ${printableLine(factsOf(provider).join("; "))}`);
  }
  const unreachable = providers.filter(({ reachable }) => reachable?.ok === false).length;
  if (!ok) screen.note("Something needs your attention.");
  else if (unreachable === 0) screen.note("All is well.");
  else
    screen.note(
      `Workflows can run here. ${unreachable} of the providers that are ready did not answer as they should.`,
    );
}

function factsOf({ package: sdk, configuration, lacks, reachable }: ProviderReport): readonly string[] {
  const version = sdk?.version == null ? [] : [`${sdk.name} ${sdk.version}`];
  const found = configuration.filter((item) => item.found).map(({ name }) => `${name} found`);
  const reached = reachable === null ? [] : [reachable.ok ? "reachable" : reachable.detail];
  return [...version, ...found, ...(lacks === null ? ["ready"] : [lacks]), ...reached];
}
