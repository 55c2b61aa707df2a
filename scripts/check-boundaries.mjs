// Who may import whom: the rules of .dependency-cruiser.cjs over everything we write.
import { exec } from "./lib/exec.mjs";
import { main } from "./lib/main.mjs";

await main(async () => {
  const { code } = await exec("depcruise", ["--config", ".dependency-cruiser.cjs", "packages", "bench", "examples"]);
  return code === 0 ? 0 : 1;
});
