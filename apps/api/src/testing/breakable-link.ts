import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that a test can cut and mend. */
export interface BreakableLink {
  /** The server's URL, by way of the link. */
  url: string;
  /** Drops every connection and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Opens a link to the server of a URL. `cut` closes it for good. */
export async function openBreakableLink(targetUrl: string): Promise<BreakableLink> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  const server = createServer((caller) => {
    const callee = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy()); // what a cut looks like from the other side
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: Object.assign(new URL(target), { hostname: "127.0.0.1", port: String(port) }).href,
    async cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
    async mend() {
      await listen(port);
    },
  };
}
