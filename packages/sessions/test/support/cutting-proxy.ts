import { connect, createServer, type Socket } from "node:net";

/**
 * What happens to the next message that holds the marker. `cut`: it never arrives. `cut-answer`: it arrives and the answer
 * does not, the connection is gone. `hold-answer`: the same with a connection that stays silent.
 */
export type Cut = "cut" | "cut-answer" | "hold-answer";

export interface CuttingProxy {
  readonly port: number;
  /** Cuts the next so many messages that hold the text. */
  cutNext(how: Cut, marker: string, times?: number): void;
  /** How many were cut since. */
  readonly cuts: number;
  stop(): Promise<void>;
}

/** Stands between a client and a server, and cuts connections in the middle of what is asked for. */
export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let plan: { readonly how: Cut; readonly marker: string; left: number } | undefined;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    let silenced: "cut-answer" | "hold-answer" | undefined;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
    client.on("data", (data) => {
      if (plan !== undefined && plan.left > 0 && data.includes(plan.marker)) {
        plan.left -= 1;
        cuts += 1;
        if (plan.how === "cut") {
          client.destroy();
          return;
        }
        silenced = plan.how;
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (silenced === undefined) client.write(data);
      // The server has answered, so the statement has come to pass.
      else if (silenced === "cut-answer") client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cutNext(how, marker, times = 1) {
      plan = { how, marker, left: times };
      cuts = 0;
    },
    get cuts() {
      return cuts;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
