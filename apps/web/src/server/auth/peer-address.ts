import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

const key = Symbol.for("tidings.peers");
const place = globalThis as { [key]?: AsyncLocalStorage<string | undefined> };

/** Next.js loads modules several times over; the addresses are kept once. */
function peers(): AsyncLocalStorage<string | undefined> {
  place[key] ??= new AsyncLocalStorage();
  return place[key];
}

/**
 * Has every request from here on know whose socket it came by. Next.js tells its handlers nothing but headers, which the
 * other side writes: Node itself tells, just before it hands a request on.
 */
export function rememberPeers(): void {
  subscribe("http.server.request.start", (message) => {
    const { socket } = message as { socket: Socket };
    peers().enterWith(socket.remoteAddress);
  });
}

/** The address at the other end of the socket of the request in hand: the visitor's or a proxy's. Null outside of any. */
export const peerAddress = (): string | null => peers().getStore() ?? null;
