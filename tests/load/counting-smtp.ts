import type { Socket } from "node:net";
import type { Ledger } from "./ledger";
import { type LocalListener, listenLocally } from "./listen-locally";
import type { Misconduct, SinkConduct } from "./sink-conduct";

const refusals = {
  400: "554 5.6.0 not this one",
  429: "451 4.7.1 too many",
  500: "451 4.3.0 try again later",
} as const;

/**
 * A mail server that only counts: it enters recipient and Message-ID of each mail. It parses no MIME and keeps no mail, so
 * that it costs a fraction of what the sender does.
 */
export async function startCountingSmtp(
  ledger: Ledger,
  conduct: Readonly<SinkConduct> = { now: null },
): Promise<LocalListener> {
  return await listenLocally(serve);

  function serve(socket: Socket): void {
    let received = "";
    let isData = false;
    let recipient = "";
    socket.write("220 counting ESMTP\r\n");
    socket.on("data", (chunk: string) => {
      received += chunk;
      socket.cork(); // commands that came together are answered together, as RFC 2920, 3.2, asks
      while (takePart());
      socket.uncork();
    });

    /** @returns whether a line, or a mail after DATA, was there to be taken */
    function takePart(): boolean {
      const end = received.indexOf(isData ? "\r\n.\r\n" : "\r\n");
      if (end < 0) return false;
      const part = received.slice(0, end);
      received = received.slice(end + (isData ? 5 : 2));
      if (isData) takeMail(part);
      else answer(part);
      return true;
    }

    function takeMail(mail: string): void {
      isData = false;
      const id = /^message-id: *<([^@>]*)/im.exec(mail)?.[1] ?? "";
      if (conduct.now === null) {
        ledger.enter(recipient, id);
        socket.write("250 2.0.0 Ok: queued\r\n");
      } else misbehave(conduct.now, socket, recipient, id);
    }

    function answer(line: string): void {
      const command = line.slice(0, 4).toUpperCase();
      if (command === "EHLO") socket.write("250-counting\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 26214400\r\n");
      else if (command === "DATA") {
        isData = true;
        socket.write("354 go ahead\r\n");
      } else if (command === "QUIT") socket.end("221 bye\r\n");
      else {
        if (command === "RCPT") recipient = /<([^>]*)>/.exec(line)?.[1] ?? "";
        socket.write("250 2.1.0 Ok\r\n");
      }
    }
  }

  function misbehave(misconduct: Misconduct, socket: Socket, recipient: string, id: string): void {
    if (misconduct === "hang") return;
    if (misconduct === "reset") return void socket.resetAndDestroy();
    if (misconduct === "die") {
      ledger.enter(recipient, id, false);
      return void socket.destroy();
    }
    if (misconduct === 400) ledger.refuse(id);
    socket.write(`${refusals[misconduct]}\r\n`);
  }
}
