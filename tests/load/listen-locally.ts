import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** Serves bytes as text, one character each, on a free port of this machine; a sender that breaks off is let go. */
export async function listenLocally(serve: (socket: Socket) => void): Promise<{ port: number }> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.setEncoding("latin1");
    socket.on("error", () => socket.destroy()); // a sender that is killed breaks off
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port };
}
