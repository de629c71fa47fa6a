import type { Socket } from "node:net";
import { Webhook } from "standardwebhooks";
import type { Ledger } from "./ledger";
import { listenLocally } from "./listen-locally";

/** How a receiver of reports behaves. */
export interface ReportConduct {
  /** The secret of the endpoint at each path; what comes to another path is counted and not verified. */
  secrets: Readonly<Record<string, string>>;
  /** Each so many-th report is verified as a receiver would; 1: all of them. */
  verifyEach: number;
  /** Each so many-th request is answered 500. Infinity: none. */
  refuseEach: number;
  /** Requests to this path are never answered. */
  hangsAt: string | null;
}

/** What came of verifying. */
export interface Verified {
  verified: number;
  /** Signatures, times or bodies that did not hold. */
  forged: number;
  /** Requests answered 500. */
  turnedDown: number;
}

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
const refusal = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops";

/** A tenant's receiver of reports: it enters path and `webhook-id` of each that it takes. */
export async function startCountingReports(
  ledger: Ledger,
  conduct: Readonly<ReportConduct>,
): Promise<{ port: number; seen: Verified }> {
  const seen: Verified = { verified: 0, forged: 0, turnedDown: 0 };
  const receivers = new Map<string, Webhook>();
  let requests = 0;
  const { port } = await listenLocally(serve);
  return { port, seen };

  function serve(socket: Socket): void {
    let received = "";
    socket.on("data", (chunk: string) => {
      received += chunk;
      for (;;) {
        const headEnd = received.indexOf("\r\n\r\n");
        if (headEnd < 0) return;
        const head = received.slice(0, headEnd);
        const end = headEnd + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
        if (received.length < end) return;
        const body = received.slice(headEnd + 4, end);
        received = received.slice(end);
        meet(socket, head, body);
      }
    });
  }

  function meet(socket: Socket, head: string, body: string): void {
    const path = head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
    if (path === conduct.hangsAt) return;
    requests += 1;
    if (requests % conduct.refuseEach === 0) {
      seen.turnedDown += 1;
      socket.write(refusal);
      return;
    }
    const secret = conduct.secrets[path];
    if (secret !== undefined && requests % conduct.verifyEach === 0) verify(secret, head, body);
    ledger.enter(path, headerOf(head, "id"));
    socket.write(answer);
  }

  function verify(secret: string, head: string, body: string): void {
    const receiver = receivers.get(secret) ?? new Webhook(secret);
    receivers.set(secret, receiver);
    const names = ["id", "timestamp", "signature"];
    const headers = Object.fromEntries(names.map((name) => [`webhook-${name}`, headerOf(head, name)]));
    try {
      receiver.verify(Buffer.from(body, "latin1").toString("utf8"), headers);
      seen.verified += 1;
    } catch {
      seen.forged += 1; // it throws for whatever does not hold
    }
  }
}

function headerOf(head: string, name: string): string {
  return new RegExp(`\\r\\nwebhook-${name}: *([^\\r]*)`, "i").exec(head)?.[1] ?? "";
}
