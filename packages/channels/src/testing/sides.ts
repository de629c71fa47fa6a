import { apnsSide } from "./apns-side";
import { discordSide, slackSide, teamsSide } from "./chat-side";
import { fcmSide } from "./fcm-side";
import { mailgunSide } from "./mailgun-side";
import { nothing, type OtherSide } from "./other-side";
import { plivoSide } from "./plivo-side";
import { postmarkSide } from "./postmark-side";
import { resendSide } from "./resend-side";
import { sandboxSide } from "./sandbox-side";
import { sendgridSide } from "./sendgrid-side";
import { sesSide } from "./ses-side";
import { smtpSide } from "./smtp-side";
import { snsSide } from "./sns-side";
import { twilioSide } from "./twilio-side";
import { vonageSide } from "./vonage-side";
import { webPushSide } from "./web-push-side";
import { webhookSide } from "./webhook-side";
import { whatsappCloudSide } from "./whatsapp-cloud-side";

/** The other side of each provider, by its id: one line for each; a provider without one fails the contract test. */
export const sides: Readonly<Record<string, () => Promise<OtherSide>>> = {
  smtp: smtpSide,
  ses: sesSide,
  sendgrid: sendgridSide,
  resend: resendSide,
  postmark: postmarkSide,
  mailgun: mailgunSide,
  twilio: twilioSide,
  vonage: vonageSide,
  plivo: plivoSide,
  sns: snsSide,
  "whatsapp-cloud": whatsappCloudSide,
  fcm: fcmSide,
  apns: apnsSide,
  "web-push": webPushSide,
  webhook: webhookSide,
  slack: slackSide,
  discord: discordSide,
  teams: teamsSide,
  in_app: async () => nothing,
  sandbox: sandboxSide,
};
