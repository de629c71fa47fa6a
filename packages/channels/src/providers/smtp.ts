import { headerText } from "@tidings/shared/text";
import type { SMTPError } from "nodemailer/lib/smtp-connection";
import { z } from "zod";
import type { EmailContent } from "../channels/email";
import { settingsGuard } from "../outbound-guard";
import { type AccountCheck, defineProvider, type SendOutcome, secret } from "../provider";
import type { ProviderContext } from "../provider-context";
import { pemMediaType, privateKey } from "./private-key";
import type { SmtpServer, Transmission } from "./smtp-transport/connection";
import type { PoolBusy } from "./smtp-transport/connection-pool";

const port = z.int().min(1).max(65_535);

const config = z
  .strictObject({
    host: z.string().min(1).max(253).meta({ format: "hostname", title: "Server", description: "Its host name." }),
    port: port
      .default(587)
      .meta({ title: "Port", description: "587 with STARTTLS, 465 with TLS from the first byte." }),
    secure: z.boolean().default(false).meta({
      title: "TLS from the first byte",
      description: "As on port 465. Otherwise STARTTLS is used where the server offers it.",
    }),
    requireTls: z.boolean().default(false).meta({
      title: "Refuse to send without TLS",
      description: "Where the server offers no STARTTLS, nothing is sent.",
      advanced: true,
    }),
    user: z.string().min(1).optional().meta({ title: "User" }),
    password: secret().optional().meta({ title: "Password" }),
    from: headerText(320)
      .regex(/^(?:[^<>]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, "must be a mailbox")
      .meta({
        title: "Sender",
        description: "Of mails that name none: an address, or a name followed by one in angle brackets.",
      }),
    maxConnections: z
      .int()
      .min(1)
      .max(100)
      .default(10)
      .meta({ title: "Connections", description: "Kept open by each process that sends.", advanced: true }),
    tls: z
      .strictObject({
        rejectUnauthorized: z
          .boolean()
          .default(true)
          .meta({ title: "Check the certificate", description: "Accept only one that a known authority vouches for." }),
        servername: z
          .string()
          .min(1)
          .optional()
          .meta({ title: "Name on the certificate", description: "Where it is not the server's host name." }),
        ca: z.string().min(1).optional().meta({
          title: "Certificate of another authority",
          description: "One to trust besides the known ones, in PEM form.",
          contentMediaType: pemMediaType,
        }),
      })
      .optional()
      .meta({ title: "TLS", advanced: true }),
    dkim: z
      .strictObject({
        domainName: z.string().min(1).meta({ title: "Domain", description: "The one that signs." }),
        keySelector: z
          .string()
          .min(1)
          .meta({ title: "Selector", description: "The part before ._domainkey in its DNS record." }),
        privateKey: privateKey().meta({ title: "Private key", description: "In PEM form." }),
      })
      .optional()
      .meta({
        title: "DKIM",
        description: "Signs each mail here. Leave it empty where the server signs.",
        advanced: true,
      }),
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
        const mail = composeMail(content as EmailContent, { to, from, idempotencyKey });
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

/**
 * Deferrals that lie with the recipient or the mail, by the command that was answered: of mailboxes and their addresses
 * (RFC 3463, 3.2 and 3.3, but for 4.1.7 and 4.1.8, which mean the sender's), of contents (3.7), and 450 and 451 without such
 * a code, as greylisting answers a recipient. All others mean the server or the account.
 */
const recipients: Readonly<Record<string, RegExp>> = {
  "RCPT TO": /^4\d\d[ -]4\.(?:1\.[1-6]|2\.\d+)\b|^45[01](?![ -]4\.[1-9]\.)/,
  DATA: /^4\d\d[ -]4\.[26]\.\d/,
};

function outcomeOf(transmission: Transmission | PoolBusy, messageId: string): SendOutcome {
  if (transmission instanceof Error) return { kind: "busy", reason: transmission.message };
  if ("response" in transmission) return { kind: "sent", providerMessageId: messageId };
  const { error, bodyBegun } = transmission;
  const reason = error.response ?? error.message;
  // Without a reply it was nothing the server could take, an overlong message for instance.
  const isRefusal = (error.code === "EENVELOPE" || error.code === "EMESSAGE") && error.permanent !== false;
  if (isRefusal) return { kind: "rejected", reason, ...(deadMailbox.test(reason) && { addressDead: true }) };
  if (bodyBegun && error.responseCode === undefined) return { kind: "deferred", reason, ambiguous: true };
  const isRecipients = error.responseCode !== 421 && recipients[error.command ?? ""]?.test(reason);
  return { kind: "deferred", reason, ...(isRecipients && { isRecipients }) };
}

/** A login that was refused for good; whatever else went wrong says nothing of the credentials. */
function checkOf({ code, responseCode = 500, response, message }: SMTPError): AccountCheck {
  return { kind: code === "EAUTH" && responseCode >= 500 ? "refused" : "unreachable", reason: response ?? message };
}
