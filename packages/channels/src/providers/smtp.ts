import { headerText } from "@tidings/shared/text";
import type { SMTPError } from "nodemailer/lib/smtp-connection";
import { z } from "zod";
import type { EmailContent } from "../channels/email";
import { settingsGuard } from "../outbound-guard";
import { type AccountCheck, defineProvider, type SendOutcome, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { privateKey } from "./private-key";
import type { SmtpServer, Transmission } from "./smtp-transport/connection";
import type { PoolBusy } from "./smtp-transport/connection-pool";

const port = z.int().min(1).max(65_535);

const config = z
  .strictObject({
    host: z.string().min(1).max(253).meta({ format: "hostname" }),
    port: port.default(587),
    /** TLS from the first byte, as on port 465. Otherwise STARTTLS is used when the server offers it. */
    secure: z.boolean().default(false),
    /** Refuse to send when the server doesn't offer STARTTLS. */
    requireTls: z.boolean().default(false),
    user: z.string().min(1).optional(),
    password: secret().optional(),
    /** Sender of mails that name none: `Ann <ann@example.com>`. */
    from: headerText(320).regex(/^(?:[^<>]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, "must be a mailbox"),
    /** Connections kept open by each process that sends. */
    maxConnections: z.int().min(1).max(100).default(10),
    tls: z
      .strictObject({
        /** Accept only certificates that a known authority vouches for. */
        rejectUnauthorized: z.boolean().default(true),
        /** Name the certificate must carry, when it is not `host`. */
        servername: z.string().min(1).optional(),
        /** Authority to trust besides the known ones, in PEM form. */
        ca: z.string().min(1).optional(),
      })
      .optional(),
    dkim: z
      .strictObject({ domainName: z.string().min(1), keySelector: z.string().min(1), privateKey: privateKey() })
      .optional(),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ["password"],
    message: "user and password go together",
  });

type SmtpConfig = z.infer<typeof config>;

/** Email over SMTP, with connections kept alive. A mail sent again carries the same Message-ID. */
export const smtp = defineProvider<SmtpConfig>({
  id: "smtp",
  name: "SMTP",
  channels: ["email"],
  config,
  honoursIdempotencyKey: false,
  sendsAttachments: true,
  async connect(account, context) {
    const { from, maxConnections, dkim } = account;
    const { composeMail, dkimSigner } = await import("./smtp-transport/compose-mail");
    const { smtpPool } = await import("./smtp-transport/connection-pool");
    const pool = smtpPool({ ...serverOf(account, context), maxConnections, idleMs: 240_000 });
    const sign = dkim && dkimSigner(dkim);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const mail = await composeMail(content as EmailContent, { to, from, idempotencyKey });
        const message = sign ? await sign(mail.message) : mail.message;
        return outcomeOf(await pool.transmit(mail.envelope, message, signal), mail.messageId);
      },
      close: () => pool.close(),
    };
  },
  /** Connects and logs in. */
  async check(account, context, signal) {
    const { establish, newConnection } = await import("./smtp-transport/connection");
    const server = serverOf(account, context);
    const connection = newConnection(server);
    return await establish(connection, server.auth, signal).then(() => {
      connection.close();
      return { kind: "good" } as const;
    }, checkOf);
  },
});

function serverOf(account: SmtpConfig, context: ProviderContext): SmtpServer {
  const { host, port, secure, requireTls, user, password, tls } = account;
  const guard = settingsGuard(context);
  return {
    open: () => guard.connect(host, port),
    connection: {
      host,
      port,
      secure,
      requireTLS: requireTls,
      tls: tls && { ...tls },
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 60_000,
    },
    auth: user === undefined || password === undefined ? null : { user, pass: password },
  };
}

/** Enhanced codes of a mailbox that is no more: RFC 3463, 3.2, and RFC 7505 for 5.1.10. */
const deadMailbox = /^5\d\d[ -]5\.1\.(?:1|6|10)\b/;

function outcomeOf(transmission: Transmission | PoolBusy, messageId: string): SendOutcome {
  if (transmission instanceof Error) return { kind: "busy", reason: transmission.message };
  if ("response" in transmission) return { kind: "sent", providerMessageId: messageId };
  const { error, bodyBegun } = transmission;
  const reason = error.response ?? error.message;
  // Without a reply it was nothing the server could take, an overlong message for instance.
  const isRefusal = (error.code === "EENVELOPE" || error.code === "EMESSAGE") && error.permanent !== false;
  if (isRefusal) return { kind: "rejected", reason, ...(deadMailbox.test(reason) && { addressDead: true }) };
  return { kind: "deferred", reason, ...(bodyBegun && error.responseCode === undefined && { ambiguous: true }) };
}

/** A login that was refused for good; whatever else went wrong says nothing of the credentials. */
function checkOf({ code, responseCode = 500, response, message }: SMTPError): AccountCheck {
  return { kind: code === "EAUTH" && responseCode >= 500 ? "refused" : "unreachable", reason: response ?? message };
}
