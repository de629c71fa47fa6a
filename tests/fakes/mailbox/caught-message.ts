import type { ChatMessage } from "../chat-fake";
import type { FcmMessage } from "../fcm-fake";
import { readMail } from "../read-mail";
import type { SmtpMessage } from "../smtp-fake";
import type { TwilioMessage } from "../twilio-fake";
import type { SunkWebhook } from "../webhook-sink";

export const caughtChannels = ["email", "sms", "whatsapp", "push", "webhook", "chat"] as const;
export type CaughtChannel = (typeof caughtChannels)[number];

/** A message as it was caught: what is known at once, and how to read the rest. */
export interface Catch {
  channel: CaughtChannel;
  from: string;
  to: readonly string[];
  sizeBytes: number;
  /** Takes the message apart. Only mails cost anything. */
  read(): Promise<Content>;
}

/** What a person looks at. All of it is untrusted. */
export interface Content {
  /** The subject, the title or the first words. */
  title: string;
  html: string | null;
  text: string;
  /** Header fields of a mail or a request, fields of a form, data of a push. */
  fields: readonly (readonly [name: string, value: string])[];
  attachments: readonly Attachment[];
  /** As it came over the wire. */
  source: string;
}

export interface Attachment {
  filename: string;
  contentType: string;
  content: Buffer;
}

const titleLength = 120;

export function catchMail({ from, to, raw }: SmtpMessage): Catch {
  return {
    channel: "email",
    from,
    to,
    sizeBytes: raw.length,
    async read() {
      const mail = await readMail(raw);
      return {
        title: mail.subject ?? "",
        html: mail.html ?? null,
        text: mail.text ?? "",
        fields: mail.headers.map(({ originalKey, value }) => [originalKey, value] as const),
        attachments: mail.attachments.map(({ filename, mimeType, content }, index) => ({
          filename: filename ?? `attachment-${index + 1}`,
          contentType: mimeType,
          content: Buffer.from(content as ArrayBuffer),
        })),
        source: raw.toString(),
      };
    },
  };
}

export function catchTwilio({ channel, from, to, text, fields }: TwilioMessage): Catch {
  const source = new URLSearchParams(fields).toString();
  return caught(channel, from || (fields.MessagingServiceSid ?? ""), to, source, {
    title: firstWords(text),
    text,
    fields: Object.entries(fields),
  });
}

export function catchPush({ name, token, title, body, message }: FcmMessage): Catch {
  return caught("push", name.split("/messages/", 1)[0] ?? "", token, JSON.stringify(message, null, 2), {
    title,
    text: body,
    fields: [["name", name], ...Object.entries((message.data ?? {}) as Record<string, string>)],
  });
}

export function catchWebhook({ path, headers, body }: SunkWebhook): Catch {
  return caught("webhook", headers["user-agent"] ?? "", path, body, {
    title: `POST ${path}`,
    text: indented(body),
    fields: Object.entries(headers),
  });
}

export function catchChat({ product, path, title, text, payload }: ChatMessage): Catch {
  return caught("chat", product, path, JSON.stringify(payload, null, 2), {
    title: title || firstWords(text),
    text,
    fields: [["product", product]],
  });
}

function caught(
  channel: CaughtChannel,
  from: string,
  to: string,
  source: string,
  content: Pick<Content, "title" | "text" | "fields">,
): Catch {
  const whole = { ...content, html: null, attachments: [], source };
  return { channel, from, to: [to], sizeBytes: Buffer.byteLength(source), read: async () => whole };
}

function firstWords(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > titleLength ? `${line.slice(0, titleLength)}…` : line;
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // not every webhook is JSON
  }
}
