import type { Spec } from "@strands/core";
import type { Environment } from "./storage/session-location.js";

/** The values of the secrets a workflow declares, as far as the environment has them: never print or log these. */
export function secretValues(spec: Pick<Spec, "env">, env: Environment): readonly string[] {
  const secrets = spec.env?.secrets ?? [];
  return secrets.flatMap(({ source, key }) => {
    const value = source === "env" ? env[key] : undefined;
    return value === undefined || value === "" ? [] : [value];
  });
}
