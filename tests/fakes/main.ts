import { catchMail } from "./mailbox/caught-message";
import { createMailbox } from "./mailbox/mailbox";
import { serveMailbox } from "./mailbox/mailbox-server";
import { createSmtpFake } from "./smtp-fake";

/**
 * The local mailbox: catches what Tidings sends from this machine and shows it. Ports come from MAILBOX_PORT and
 * MAILBOX_SMTP_PORT; MAILBOX_HOST is where it listens, this machine alone unless it says otherwise.
 */
async function main(): Promise<void> {
  process.title = "tidings-mailbox";
  const host = process.env.MAILBOX_HOST ?? "127.0.0.1";
  const mailbox = createMailbox();
  const onMessage = (mail: Parameters<typeof catchMail>[0]) => mailbox.add(catchMail(mail));
  const smtp = await createSmtpFake({ port: portOf("MAILBOX_SMTP_PORT", 1025), host, onMessage });
  const http = await serveMailbox(mailbox, portOf("MAILBOX_PORT", 8025), host, `${host}:${smtp.port}`);
  console.log(`tidings-mailbox ready: http://${host}:${http.port}, SMTP at ${host}:${smtp.port}`);

  const stop = async () => {
    await Promise.all([smtp.close(), http.close()]);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
}

function portOf(name: string, usual: number): number {
  const port = Number(process.env[name] ?? usual);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${name} must be a port, not ${process.env[name]}`);
}

main().catch((error: NodeJS.ErrnoException & { port?: number }) => {
  console.error(error.code === "EADDRINUSE" ? `tidings-mailbox: port ${error.port} is taken` : error);
  process.exit(1);
});
