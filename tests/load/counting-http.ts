import type { Socket } from "node:net";
import type { Ledger } from "./ledger";
import { listenLocally } from "./listen-locally";
import type { Misconduct, SinkConduct } from "./sink-conduct";

const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
/** What a sender that is answered 429 is asked to wait. */
export const retryAfterSeconds = 2;

/** A receiver of webhooks that only counts: it enters path and `webhook-id` of each POST. */
export async function startCountingHttp(
  ledger: Ledger,
  conduct: Readonly<SinkConduct> = { now: null },
): Promise<{ port: number }> {
  return await listenLocally(serve);

  function serve(socket: Socket): void {
    let received = "";
    socket.on("data", (chunk: string) => {
      received += chunk;
      for (;;) {
        const headEnd = received.indexOf("\r\n\r\n");
        if (headEnd < 0) return;
        const head = received.slice(0, headEnd);
        const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
        if (received.length < headEnd + 4 + length) return;
        received = received.slice(headEnd + 4 + length);
        const path = head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
        const id = /\r\nwebhook-id: *([^\r]*)/i.exec(head)?.[1] ?? "";
        if (conduct.now === null) {
          ledger.enter(path, id);
          socket.write(answer);
        } else misbehave(conduct.now, socket, path, id);
      }
    });
  }

  function misbehave(misconduct: Misconduct, socket: Socket, path: string, id: string): void {
    if (misconduct === "hang") return;
    if (misconduct === "reset") return void socket.resetAndDestroy();
    if (misconduct === "die") {
      ledger.enter(path, id, false);
      return void socket.destroy();
    }
    if (misconduct === 400) ledger.refuse(id);
    const wait = misconduct === 429 ? `Retry-After: ${retryAfterSeconds}\r\n` : "";
    socket.write(`HTTP/1.1 ${misconduct} No\r\n${wait}Content-Length: 2\r\n\r\nno`);
  }
}
