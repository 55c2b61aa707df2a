// Calls of the file system as points at which a process may die.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const watched =
  /^(write|writev|open|close|fdatasync|fsync|link|rename|unlink|mkdir|mkdtemp|ftruncate|truncate|rm|rmdir|writeFile|appendFile|copyFile)(Sync)?$/;

/** Calls `point` before and after everything in this process that changes files. */
export function watchFiles(point) {
  for (const name of Object.keys(fs).filter((key) => watched.test(key))) {
    const original = fs[name];
    fs[name] = (...args) => {
      point();
      const result = original.apply(fs, args);
      if (name.endsWith("Sync")) point();
      return result;
    };
  }
  for (const name of Object.keys(fs.promises).filter((key) => watched.test(key))) {
    const original = fs.promises[name];
    fs.promises[name] = async (...args) => {
      point();
      const result = await original.apply(fs.promises, args);
      point();
      return result;
    };
  }
  syncBuiltinESMExports();
}
