import { ArtifactError } from "../error/errors.js";
import { byteLength } from "../platform/sha256.js";

const longestPart = 100;
const longestPartBytes = 200;

/**
 * Makes a rendered path safe: it stays below the output directory, and every part of it is a plain file name.
 *
 * @throws {@link ArtifactError} `ARTIFACT_PATH_ESCAPE` for absolute paths and `..`
 */
export function artifactPath(rendered: string): string {
  const normal = rendered.trim();
  const parts = normal.split("/");
  if (normal.startsWith("/") || parts.includes("..") || normal.includes("\0")) {
    throw new ArtifactError(
      "ARTIFACT_PATH_ESCAPE",
      `The artifact path \`${rendered.slice(0, longestPart)}\` leaves the output directory`,
      {
        path: rendered,
        hint: "Use a relative path without `..`; choose the directory itself with the output option.",
      },
    );
  }
  const kept = parts.filter((part) => part !== "" && part !== ".").map(sanitisePart);
  return kept.length === 0 ? "unnamed" : kept.join("/");
}

/** Names that Windows keeps for devices, with any extension. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)/i;

function sanitisePart(part: string): string {
  const clean = part
    .replace(/[^\p{L}\p{N}_.-]/gu, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^[._]+/, "")
    .replace(/[._]+$/, "")
    .replace(deviceName, "$&_");
  if (clean === "") return "unnamed";
  if (fits(clean)) return clean;
  const dot = clean.lastIndexOf(".");
  const extension = dot > 0 && clean.length - dot <= 20 ? clean.slice(dot) : "";
  const stem = Array.from(clean.slice(0, clean.length - extension.length));
  while (!fits(stem.join("") + extension)) stem.pop();
  return stem.join("").replace(/[._]+$/, "") + extension;
}

/** Within our own limit, and within the 255 bytes that file systems allow, with room for a temporary suffix. */
function fits(name: string): boolean {
  return name.length <= longestPart && byteLength(name) <= longestPartBytes;
}
