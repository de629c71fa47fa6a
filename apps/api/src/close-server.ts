import type { Server } from "node:http";

/** How often connections that have become idle are looked for. */
const lookEveryMs = 50;

/**
 * Takes no more connections, answers what is under way, and ends each connection with its answer: a client that keeps one
 * busy would hold the server open for as long as it likes.
 */
export async function closeServer(server: Server): Promise<void> {
  server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const closing = setInterval(() => server.closeIdleConnections(), lookEveryMs);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(closing);
}
