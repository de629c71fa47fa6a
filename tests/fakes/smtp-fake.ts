import type { Socket } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { createScript, type Script } from "./script";
import { selfSignedCertificate } from "./self-signed-certificate";
import { createTally, type Tally } from "./tally";

/** A mail that was accepted. */
export interface SmtpMessage {
  /** Message-ID without its angle brackets; empty when there is none. */
  messageId: string;
  from: string;
  to: string[];
  /** As it came over the wire, dots unstuffed. */
  raw: Buffer;
}

/** Where in the dialogue a fault strikes: at the recipient, or once the whole message is there. */
export interface SmtpFault {
  at: "connect" | "recipient" | "message";
  /** A reply such as `[451, "4.7.1 try again later"]`; `hang` never replies; `reset` breaks the connection off. */
  reply: [code: number, text: string] | "hang" | "reset";
}

export interface SmtpFake {
  port: number;
  script: Script<SmtpFault>;
  /** Mails accepted, by Message-ID. */
  tally: Tally;
  /** Connections open now. */
  readonly connections: number;
  /** Connections ever accepted. */
  readonly accepted: number;
  /** Times a reply was withheld. */
  readonly hanging: number;
  /** Logins tried, good or not. */
  readonly logins: number;
  /** Breaks off every connection, as a restarting server does. */
  dropConnections(): void;
  close(): Promise<void>;
}

export interface SmtpFakeOptions {
  /** 0 picks a free one. */
  port?: number;
  host?: string;
  /** Called with each mail as it is accepted. */
  onMessage?(message: SmtpMessage): void;
  /** The only login that is let in; without it everybody is, with or without a login. */
  login?: { user: string; password: string };
  /** TLS from the first byte, or when STARTTLS asks for it, with a certificate that nobody vouches for; else none. */
  tls?: "implicit" | "starttls";
}

const maxMessageBytes = 25 * 1_024 * 1_024;

/** A mail server that takes everything. */
export async function createSmtpFake(options: SmtpFakeOptions = {}): Promise<SmtpFake> {
  const { port = 0, host = "127.0.0.1", onMessage, login, tls } = options;
  const script = createScript<SmtpFault>();
  const tally = createTally();
  const sockets = new Map<number | undefined, Socket>();
  let accepted = 0;
  let hanging = 0;
  let logins = 0;

  /** Plays the next fault if it is for this step of the dialogue; else lets it pass. */
  function step(at: SmtpFault["at"], session: SMTPServerSession, next: (error?: Error | null) => void): void {
    const reply = script.take((fault) => fault.at === at)?.reply;
    if (!reply) next();
    else if (reply === "reset") sockets.get(session.remotePort)?.resetAndDestroy();
    else if (reply === "hang") hanging++;
    else next(Object.assign(new Error(reply[1]), { responseCode: reply[0] }));
  }

  const server = new SMTPServer({
    ...selfSignedCertificate,
    secure: tls === "implicit",
    disabledCommands: [...(tls === "starttls" ? [] : ["STARTTLS"]), ...(login ? [] : ["AUTH"])],
    authOptional: !login,
    disableReverseLookup: true,
    size: maxMessageBytes,
    allowInsecureAuth: true,
    logger: false,
    closeTimeout: 100,
    onAuth({ username, password }, _session, done) {
      logins++;
      if (username === login?.user && password === login?.password) done(null, { user: username });
      else done(Object.assign(new Error("5.7.8 Authentication credentials invalid"), { responseCode: 535 }));
    },
    onConnect: (session, done) => step("connect", session, done),
    onRcptTo: (_address, session, done) => step("recipient", session, done),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        step("message", session, (error) => {
          if (error) return done(error);
          const raw = Buffer.concat(chunks);
          const { mailFrom, rcptTo } = session.envelope;
          const messageId = /^message-id:\s*<([^>]*)>/im.exec(raw.toString("latin1", 0, 16_384))?.[1] ?? "";
          tally.add(messageId);
          onMessage?.({
            messageId,
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map(({ address }) => address),
            raw,
          });
          done(null, "2.0.0 Ok: queued");
        });
      });
    },
  });
  server.on("error", () => {}); // a client that breaks off is part of what is played here

  const listening = server.listen(port, host);
  await new Promise((resolve, reject) => listening.once("listening", resolve).once("error", reject));
  listening.on("connection", (socket: Socket) => {
    const { remotePort } = socket;
    accepted++;
    sockets.set(remotePort, socket);
    socket.once("close", () => sockets.delete(remotePort));
  });
  const address = listening.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    script,
    tally,
    get connections() {
      return sockets.size;
    },
    get accepted() {
      return accepted;
    },
    get hanging() {
      return hanging;
    },
    get logins() {
      return logins;
    },
    dropConnections() {
      for (const socket of sockets.values()) socket.destroy();
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}
