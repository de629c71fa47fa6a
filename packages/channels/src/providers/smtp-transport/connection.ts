import type { Socket } from "node:net";
import { pipeline, Readable } from "node:stream";
import SMTPConnection, { type SMTPConnectionOptions, type SMTPError } from "nodemailer/lib/smtp-connection";

export interface SmtpServer {
  /** A socket on its way to the server. */
  open(): Socket;
  /** `socketCloseTimeout` is ours: a connection that is given up is destroyed at once. */
  connection: Omit<SMTPConnectionOptions, "connection" | "socketCloseTimeout">;
  auth: { user: string; pass: string } | null;
}

export interface Envelope {
  from: string;
  to: string[];
}

/** How a mail left, or why not. */
export type Transmission =
  /** The server's words, `250 2.0.0 Ok: queued as …`. */
  | { response: string }
  /** `bodyBegun`: some of the message is out, so its fate is open unless the server has answered (`responseCode`). */
  | { error: SMTPError; bodyBegun: boolean };

/** Not connected yet; {@link establish} does that. It emits `end` exactly once, whatever becomes of it. */
export function newConnection({ connection, open }: SmtpServer): SMTPConnection {
  return new SMTPConnection({ ...connection, connection: open(), socketCloseTimeout: 0 });
}

/**
 * Connects, with TLS and login as configured.
 * @throws {SMTPError} when that fails or `signal` aborts; the connection is closed then
 */
export function establish(connection: SMTPConnection, auth: SmtpServer["auth"], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      signal.removeEventListener("abort", onAbort);
      connection.close();
      reject(error);
    };
    const onAbort = () => fail(abortError(signal));
    const succeed = () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    connection.on("error", fail); // stays on, for what happens to it while it is idle
    connection.connect((error) => {
      if (error) fail(error);
      else if (!auth) succeed();
      else connection.login({ credentials: auth }, (refusal) => (refusal ? fail(refusal) : succeed()));
    });
  });
}

/** Sends one mail over a connection that has nothing else to do. Never throws; an abort closes the connection. */
export function transmitOver(
  connection: SMTPConnection,
  envelope: Envelope,
  message: Buffer | Readable,
  signal: AbortSignal,
): Promise<Transmission> {
  return new Promise((resolve) => {
    const body = new MessageBody(message, connection._socket);
    const onAbort = () => {
      const { hasBegun: bodyBegun } = body;
      connection.close();
      resolve({ error: abortError(signal), bodyBegun });
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    const size = Buffer.isBuffer(message) && { size: message.length }; // the server may say at once that it is too much
    connection.send({ ...envelope, ...size }, body, (error, info) => {
      signal.removeEventListener("abort", onAbort);
      resolve(error ? { error, bodyBegun: body.hasBegun } : { response: info.response });
    });
  });
}

/**
 * A message that knows whether it was asked for, as it is when the server has said that it may come. One that is
 * whole leaves in one write with the line that ends it: each wakes the kernel, and often the server.
 */
class MessageBody extends Readable {
  hasBegun = false;
  constructor(
    private readonly message: Buffer | Readable,
    private readonly socket: SMTPConnection["_socket"],
  ) {
    super();
  }
  override pipe<Into extends NodeJS.WritableStream>(stream: Into): Into {
    const { socket, message } = this;
    this.hasBegun = true;
    if (!Buffer.isBuffer(message)) {
      pipeline(message, stream, () => {}); // what fails it shows on the connection
      return stream;
    }
    if (socket) {
      socket.cork();
      // Not when all of it is in the socket: a long message gets there only as the socket is emptied.
      setImmediate(() => socket.uncork());
    }
    stream.end(message);
    return stream;
  }
}

/** The reason of an abort, as an error whatever it is. */
export function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(`aborted: ${String(signal.reason)}`);
}
