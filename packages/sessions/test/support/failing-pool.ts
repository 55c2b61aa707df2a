import type pg from "pg";

/** A pool whose statements fail where the test says, for good: with an error that nobody tries again. */
export function failingPool(pool: pg.Pool, failsNow: (moment: "before" | "after") => boolean): pg.Pool {
  return new Proxy(pool, {
    get(target, name) {
      if (name !== "query") return Reflect.get(target, name, target);
      return async (sql: string, values: unknown[]) => {
        if (failsNow("before")) throw outOfRoom();
        const result = await target.query(sql, values);
        if (failsNow("after")) throw outOfRoom();
        return result;
      };
    },
  });
}

function outOfRoom(): Error {
  return Object.assign(new Error("could not extend file"), { code: "53100" });
}
