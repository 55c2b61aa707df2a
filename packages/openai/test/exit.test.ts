import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { FaultServer } from "@strands/testing/model";
import { expect, it } from "vitest";
import { events } from "./ask.js";

it("lets a process end that has nothing left to do, while the connection is still open", async () => {
  await using server = await FaultServer.start();
  server.play(events({ choices: [{ delta: { content: "bye" }, finish_reason: "stop" }] }, "[DONE]"));
  const child = spawn(process.execPath, [join(import.meta.dirname, "exit-child.mjs"), server.url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [code] = await once(child, "close");
  expect([code, said]).toEqual([0, "bye"]);
});
