import { connect, type Socket } from "node:net";

/** An answer, or status 0 when the connection broke before it came. */
export type OnAnswer = (status: number, body: string) => void;

/** A keep-alive connection that carries one request at a time. Opens itself again when it breaks. */
export interface HttpConnection {
  readonly isIdle: boolean;
  /** Sends a whole request; its answer comes to `onAnswer`. */
  send(request: string, onAnswer: OnAnswer): void;
  close(): void;
}

/**
 * HTTP/1.1 over a bare socket, for answers with a Content-Length: about a tenth of what a full client costs, so that the
 * generator leaves the machine to what is measured.
 */
export function openHttpConnection(port: number, onIdle: (connection: HttpConnection) => void): HttpConnection {
  let socket: Socket | null = null;
  let waiting: OnAnswer | null = null;
  let received = "";

  function open(): Socket {
    const opened = connect({ port, host: "127.0.0.1", noDelay: true });
    opened.setEncoding("latin1");
    opened.on("data", (chunk: string) => read(chunk));
    opened.on("error", () => {}); // "close" follows
    opened.on("close", () => {
      if (socket !== opened) return;
      socket = null;
      settle(0, "");
    });
    return opened;
  }

  function read(chunk: string): void {
    received = received === "" ? chunk : received + chunk;
    const headEnd = received.indexOf("\r\n\r\n");
    if (headEnd < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(received.slice(0, headEnd))?.[1] ?? 0);
    if (received.length < headEnd + 4 + length) return;
    const status = Number(received.slice(9, 12));
    const body = received.slice(headEnd + 4, headEnd + 4 + length);
    received = "";
    settle(status, body);
  }

  function settle(status: number, body: string): void {
    const onAnswer = waiting;
    waiting = null;
    if (!onAnswer) return;
    onAnswer(status, body);
    if (!waiting) onIdle(connection);
  }

  const connection: HttpConnection = {
    get isIdle() {
      return waiting === null;
    },
    send(request, onAnswer) {
      waiting = onAnswer;
      received = "";
      socket ??= open();
      socket.write(request, "latin1");
    },
    close() {
      socket?.destroy();
    },
  };
  return connection;
}
