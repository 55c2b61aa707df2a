import type { OpenSqlite, SqliteDatabase } from "../../src/sqlite/sqlite-driver.js";

/** A SQLite library whose calls fail where the test says, as on a full disk. */
export function failingSqlite(open: OpenSqlite, failsNow: (moment: "before" | "after") => boolean): OpenSqlite {
  const call = <T>(work: () => T): T => {
    if (failsNow("before")) throw diskFull();
    const result = work();
    if (failsNow("after")) throw diskFull();
    return result;
  };
  return (file) => {
    const database = open(file);
    return {
      exec(sql) {
        // One that cannot even roll back is a process that is gone: the system does it.
        if (sql === "rollback") return database.exec(sql);
        call(() => database.exec(sql));
      },
      all: (sql, ...values) => call(() => database.all(sql, ...values)),
      run: (sql, ...values) => call(() => database.run(sql, ...values)),
      close: () => database.close(),
    } satisfies SqliteDatabase;
  };
}

function diskFull(): Error {
  return Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL", rawCode: 13 });
}
