import { quoteValue } from "./check-quote.js";
import type { CheckReport, SpecPath } from "./check-report.js";
import { checkUrl } from "./check-url.js";
import type { Spec } from "./spec.js";

/** Declared tools: unique ids and safe addresses. */
export function checkTools(spec: Spec, report: CheckReport): void {
  const seen = new Set<string>();
  const declare = (id: string, path: SpecPath) => {
    if (seen.has(id)) report.warn("duplicate_id", path, `the tool id ${quoteValue(id)} is declared twice`);
    seen.add(id);
  };
  for (const [index, server] of (spec.tools?.mcp ?? []).entries()) declare(server.id, ["tools", "mcp", index, "id"]);
  for (const [index, executor] of (spec.tools?.http_executors ?? []).entries()) {
    const path = ["tools", "http_executors", index];
    declare(executor.id, [...path, "id"]);
    checkUrl(executor.base_url, [...path, "base_url"], "public_only", report);
  }
  const skills = new Set<string>();
  for (const [index, skill] of (spec.skills ?? []).entries()) {
    if (skills.has(skill.id)) {
      report.warn("duplicate_id", ["skills", index, "id"], `the skill id ${quoteValue(skill.id)} is declared twice`);
    }
    skills.add(skill.id);
  }
}

/** Every id an agent's `tools` may name: Python tools (short or full), HTTP executors, MCP servers and skills. */
export function declaredToolIds(spec: Spec): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const tool of spec.tools?.python ?? []) {
    const name = typeof tool === "string" ? tool : tool.callable;
    ids.add(name);
    ids.add(name.split(".").at(-1) ?? name);
    // `strands_cli.tools.web_fetch` and `strands_tools.calculator.calculator` are both in use.
    ids.add(name.split(".").slice(0, -1).join("."));
  }
  for (const executor of spec.tools?.http_executors ?? []) ids.add(executor.id);
  for (const server of spec.tools?.mcp ?? []) ids.add(server.id);
  for (const skill of spec.skills ?? []) ids.add(skill.id);
  for (const id of spec.context_policy?.retrieval?.jit_tools ?? []) ids.add(id);
  for (const id of spec.context_policy?.retrieval?.mcp_servers ?? []) ids.add(id);
  ids.delete("");
  return ids;
}
