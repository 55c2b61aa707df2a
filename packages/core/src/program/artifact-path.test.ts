import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/error-of.js";
import { ArtifactError } from "../error/errors.js";
import { artifactPath } from "./artifact-path.js";

describe("artifactPath", () => {
  it.each([
    ["out.md", "out.md"],
    ["reports/out.md", "reports/out.md"],
    ["./artifacts/x.md", "artifacts/x.md"],
    ["a/./b", "a/b"],
    ["a//b", "a/b"],
    ["a\\b.md", "a_b.md"],
    ["..\\..\\windows\\win.ini", "windows_win.ini"],
    ["a\\..\\..\\x", "a_.._.._x"],
    ["\\etc\\passwd", "etc_passwd"],
    ["\\\\server\\share\\x", "server_share_x"],
    ["\\\\?\\C:\\x", "C_x"],
    ["C:", "C"],
    ["x:y", "x_y"],
    ["C:\\x", "C_x"],
    ["Z:..\\x", "Z_.._x"],
    ["über.md", "über.md"],
    ["数据.json", "数据.json"],
    ["report 1.md", "report_1.md"],
    ["a b/c d.md", "a_b/c_d.md"],
    [".hidden", "hidden"],
    ["a.b.c", "a.b.c"],
    ["a..b/c", "a..b/c"],
    ["..x", "x"],
    ["x.", "x"],
    ["x.md ", "x.md"],
    ["  x.md\n", "x.md"],
    ["..../x", "unnamed/x"],
    ["__x__y__", "x_y"],
    ["x?y*z|w", "x_y_z_w"],
    ["ab:y", "ab_y"],
    ["x.md::$DATA", "x.md_DATA"],
    ["$HOME/x", "HOME/x"],
    ["~/.ssh/config", "unnamed/ssh/config"],
    ["..%2fx", "2fx"],
    ["..\uff0fx", "x"],
    ["\u2024\u2024/x", "unnamed/x"],
    ["..\u200b/x", "unnamed/x"],
    ["\u202emd.exe", "md.exe"],
    ["x\n../y", "x/y"],
    ["", "unnamed"],
    ["   ", "unnamed"],
    [".", "unnamed"],
    ["./.", "unnamed"],
    ["<script>", "script"],
    ["../x".replace("..", "..;"), "unnamed/x"],
  ])("makes %j %j", (rendered, path) => {
    expect(artifactPath(rendered)).toBe(path);
  });

  it.each([
    "../",
    "../x",
    "../../etc/passwd",
    "a/../../x",
    "a/../x",
    "./../x",
    "a/..",
    " ../x",
    "/etc/passwd",
    "//etc/passwd",
    "/.",
    "/..",
    "/C:/x",
    "../\\x",
    "../x\0.md",
    "..\0/x",
    "x.md\0/../../y",
    "\0",
    "x\0.md",
  ])("refuses %j", async (rendered) => {
    const error = await errorOf(() => artifactPath(rendered));
    expect(error).toBeInstanceOf(ArtifactError);
    expect(error).toMatchObject({ code: "ARTIFACT_PATH_ESCAPE", path: rendered });
  });

  it.each(["NUL", "nul.md", "a/PRN", "con.txt/x", "COM1.log", "LPT9", "AUX.tar.gz"])(
    "does not give the device %s of Windows",
    (rendered) => {
      for (const part of artifactPath(rendered).split("/"))
        expect(part).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
    },
  );

  it("keeps each part within 100 characters and its extension, and splits no character", () => {
    expect(artifactPath(`${"x".repeat(300)}.md`)).toBe(`${"x".repeat(97)}.md`);
    expect(artifactPath(`${"d".repeat(120)}/x`)).toBe(`${"d".repeat(100)}/x`);
    expect(isWellFormed(artifactPath(`${"x".repeat(99)}𠮷𠮷.md`))).toBe(true);
    expect(isWellFormed(artifactPath(`a${"𠮷".repeat(80)}`))).toBe(true);
  });

  it("gives a path that it leaves as it is, and that stays inside, for every kind of piece", () => {
    const pieces = ["..", ".", "", "a", "_", " ", "~", "\u0301", "\uff0e", "%2e", "-", "x.md", "\t"];
    for (const a of pieces) {
      for (const b of pieces) {
        for (const separator of ["", "/"]) {
          let path: string;
          try {
            path = artifactPath(`${a}${separator}${b}`);
          } catch {
            continue;
          }
          expect(path).not.toMatch(/(^|\/)\.{0,2}(\/|$)/);
          expect(artifactPath(path)).toBe(path);
        }
      }
    }
  });
});

/** Whether no character is cut in half: such text cannot be encoded. */
function isWellFormed(text: string): boolean {
  return new TextDecoder().decode(new TextEncoder().encode(text)) === text;
}
