import type { Readable } from "node:stream";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import type { SMTPError } from "nodemailer/lib/smtp-connection";
import {
  abortError,
  type Envelope,
  establish,
  newConnection,
  type SmtpServer,
  type Transmission,
  transmitOver,
} from "./connection";

export interface SmtpPoolOptions extends SmtpServer {
  maxConnections: number;
  /** A connection with nothing to do is closed after so long; servers wait 5 minutes at least (RFC 5321, 4.5.3.2.7). */
  idleMs: number;
}

/** No connection became free in time. */
export class PoolBusy extends Error {
  override readonly name = "PoolBusy";
  constructor(connections: number) {
    super(`all ${connections} connections were busy for ${acquireMs / 1_000} s`);
  }
}

export interface SmtpPool {
  /** Sends one mail over a kept-alive connection, in turn when all are busy. Never throws. */
  transmit(envelope: Envelope, message: Buffer | Readable, signal: AbortSignal): Promise<Transmission | PoolBusy>;
  /** Fails what waits, lets what is under way finish, then says goodbye. */
  close(): Promise<void>;
}

/** Longest a mail waits for a connection: it leaves the better part of its time for being sent. */
const acquireMs = 8_000;
/** How long a server may take to answer QUIT, in milliseconds. */
const quitMs = 1_000;

/**
 * Kept-alive connections to one server, each with one mail at a time. Nodemailer's own pool sends only what its streams
 * built, and sends a mail again by itself when a connection drops; here that happens only while none of it is out.
 */
export function smtpPool({ maxConnections, idleMs, ...server }: SmtpPoolOptions): SmtpPool {
  /** Last in, first out, so that those too many stay idle until they close. */
  const idle: { connection: SMTPConnection; timer: NodeJS.Timeout }[] = [];
  /** In order of arrival; null is leave to open a connection. */
  const waiting = new Set<{ wake(connection: SMTPConnection | null): void; fail(error: Error): void }>();
  /** Connections that are open, being opened or being closed. */
  let held = 0;
  let onDrained: (() => void) | null = null;

  async function acquire(signal: AbortSignal): Promise<SMTPConnection | null> {
    if (onDrained) throw new Error("the connection pool is closed");
    if (signal.aborted) throw abortError(signal);
    const last = idle.pop();
    if (last) {
      clearTimeout(last.timer);
      return last.connection;
    }
    if (held < maxConnections) {
      held++;
      return null;
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => waiter.fail(abortError(signal));
      const timer = setTimeout(() => waiter.fail(new PoolBusy(maxConnections)), acquireMs);
      const leave = () => {
        clearTimeout(timer);
        waiting.delete(waiter);
        signal.removeEventListener("abort", onAbort);
      };
      const waiter = {
        wake(connection: SMTPConnection | null) {
          leave();
          resolve(connection);
        },
        fail(error: Error) {
          leave();
          reject(error);
        },
      };
      signal.addEventListener("abort", onAbort, { once: true });
      waiting.add(waiter);
    });
  }

  async function open(signal: AbortSignal): Promise<SMTPConnection> {
    const connection = newConnection(server);
    connection.once("end", () => {
      const at = idle.findIndex((entry) => entry.connection === connection);
      if (at >= 0) clearTimeout(idle.splice(at, 1)[0]?.timer);
      held--;
      if (onDrained && held === 0) onDrained();
      const [next] = waiting;
      if (!next) return;
      held++;
      next.wake(null);
    });
    await establish(connection, server.auth, signal);
    return connection;
  }

  function release(connection: SMTPConnection): void {
    const [next] = waiting;
    if (next) next.wake(connection);
    else if (onDrained) quit(connection);
    else {
      const timer = setTimeout(() => {
        idle.splice(
          idle.findIndex((entry) => entry.connection === connection),
          1,
        );
        quit(connection);
      }, idleMs).unref();
      idle.push({ connection, timer });
    }
  }

  function quit(connection: SMTPConnection): void {
    const timer = setTimeout(() => connection.close(), quitMs);
    connection.once("end", () => clearTimeout(timer));
    connection.quit();
  }

  /** After a mail was refused: the session goes on once the server has forgotten it. */
  function reset(connection: SMTPConnection): void {
    connection.reset((error) => (error ? connection.close() : release(connection)));
  }

  return {
    async transmit(envelope, message, signal) {
      for (;;) {
        let connection: SMTPConnection | null;
        let isKept = false;
        try {
          connection = await acquire(signal);
          isKept = connection !== null;
          connection ??= await open(signal);
        } catch (error) {
          return error instanceof PoolBusy ? error : { error: error as SMTPError, bodyBegun: false };
        }
        const transmission = await transmitOver(connection, envelope, message, signal);
        if ("response" in transmission) {
          release(connection);
          return transmission;
        }
        const { error, bodyBegun } = transmission;
        if (isRefusal(error) && !connection.destroyed) reset(connection);
        else connection.close();
        // The server dropped it while it was kept alive: none of the mail is out, and the next connection takes it.
        const mayRepeat = isKept && !bodyBegun && isLoss(error) && !signal.aborted;
        if (!mayRepeat) return transmission;
      }
    },
    async close() {
      const done = new Promise<void>((resolve) => {
        onDrained = resolve;
      });
      for (const waiter of waiting) waiter.fail(new Error("the connection pool was closed"));
      for (const { connection, timer } of idle.splice(0)) {
        clearTimeout(timer);
        quit(connection);
      }
      if (held > 0) await done;
    },
  };
}

/** The server answered about the mail, not about the connection. */
function isRefusal({ code, responseCode }: SMTPError): boolean {
  return (code === "EENVELOPE" || code === "EMESSAGE") && responseCode !== 421;
}

function isLoss({ code, responseCode }: SMTPError): boolean {
  return code === "ECONNECTION" || code === "ESOCKET" || responseCode === 421;
}
