import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A receiver on a port of this machine. */
export interface LocalListener {
  port: number;
  /** As if its process were killed: connections end where they are, and nobody answers on its port. */
  fall(): void;
  /** Answers on the same port again. */
  rise(): Promise<void>;
}

/** Serves bytes as text, one character each, on a free port of this machine; a sender that breaks off is let go. */
export async function listenLocally(serve: (socket: Socket) => void): Promise<LocalListener> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.setEncoding("latin1");
    socket.on("error", () => socket.destroy()); // a sender that is killed breaks off
    socket.on("close", () => sockets.delete(socket));
    serve(socket);
  });
  async function listen(port: number): Promise<void> {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  }
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    fall() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
    rise: () => listen(port),
  };
}
