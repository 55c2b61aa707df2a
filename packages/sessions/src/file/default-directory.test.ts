import { describe, expect, it } from "vitest";
import { defaultSessionDirectory } from "./default-directory.js";

describe("defaultSessionDirectory", () => {
  it.each([
    [{}, "linux", "/home/ada", "/home/ada/.local/share/strands/sessions"],
    [{ XDG_DATA_HOME: "/data" }, "linux", "/home/ada", "/data/strands/sessions"],
    [{ XDG_DATA_HOME: "relative" }, "linux", "/home/ada", "/home/ada/.local/share/strands/sessions"],
    [{ XDG_DATA_HOME: "" }, "freebsd", "/home/ada", "/home/ada/.local/share/strands/sessions"],
    [{ XDG_DATA_HOME: "/data" }, "darwin", "/Users/ada", "/Users/ada/Library/Application Support/strands/sessions"],
    [{ LOCALAPPDATA: "D:\\Data" }, "win32", "C:\\Users\\ada", "D:\\Data\\strands\\sessions"],
    [{}, "win32", "C:\\Users\\ada", "C:\\Users\\ada\\AppData\\Local\\strands\\sessions"],
    [{ STRANDS_SESSION_DIR: "./here", XDG_DATA_HOME: "/data" }, "linux", "/home/ada", "./here"],
    [{ STRANDS_SESSION_DIR: "" }, "linux", "/home/ada", "/home/ada/.local/share/strands/sessions"],
  ])("gives for %j on %s with home %s the directory %s", (env, platform, home, expected) => {
    expect(defaultSessionDirectory(env, platform, home)).toBe(expected);
  });
});
