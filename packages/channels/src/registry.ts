import type { Channel } from "./channel";
import { chat } from "./channels/chat";
import { email } from "./channels/email";
import { inApp } from "./channels/in-app";
import { push } from "./channels/push";
import { sms } from "./channels/sms";
import { webhook } from "./channels/webhook";
import { whatsapp } from "./channels/whatsapp";
import type { Provider } from "./provider";
import { apns } from "./providers/apns";
import { discord } from "./providers/discord";
import { fcm } from "./providers/fcm";
import { inAppInbox } from "./providers/in-app-inbox";
import { mailgun } from "./providers/mailgun";
import { plivo } from "./providers/plivo";
import { postmark } from "./providers/postmark";
import { resend } from "./providers/resend";
import { sandbox } from "./providers/sandbox";
import { sendgrid } from "./providers/sendgrid";
import { ses } from "./providers/ses";
import { slack } from "./providers/slack";
import { smtp } from "./providers/smtp";
import { sns } from "./providers/sns";
import { teams } from "./providers/teams";
import { twilio } from "./providers/twilio";
import { vonage } from "./providers/vonage";
import { webPush } from "./providers/web-push";
import { webhookPost } from "./providers/webhook-post";
import { whatsappCloud } from "./providers/whatsapp-cloud";

/** Every channel, by id: a new one is one file and one line here, and is then given a face: CONTRIBUTING.md says where. */
export const channels: ReadonlyMap<string, Channel> = byId<Channel>([email, sms, whatsapp, push, inApp, webhook, chat]);

/** Every provider, by id: a new one is one file and one line here. */
export const providers: ReadonlyMap<string, Provider> = byId<Provider>([
  smtp,
  ses,
  sendgrid,
  resend,
  postmark,
  mailgun,
  twilio,
  vonage,
  plivo,
  sns,
  whatsappCloud,
  fcm,
  apns,
  webPush,
  inAppInbox,
  webhookPost,
  slack,
  discord,
  teams,
  sandbox,
]);

/** What people call a provider: its name, or its id where this release does not know it. */
export function providerName(id: string): string {
  return providers.get(id)?.name ?? id;
}

function byId<Entry extends { id: string }>(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}
