import { discordSide, slackSide, teamsSide } from "./chat-side";
import { fcmSide } from "./fcm-side";
import { nothing, type OtherSide } from "./other-side";
import { sandboxSide } from "./sandbox-side";
import { smtpSide } from "./smtp-side";
import { twilioSide } from "./twilio-side";
import { webhookSide } from "./webhook-side";

/** The other side of each provider, by its id: one line for each; a provider without one fails the contract test. */
export const sides: Readonly<Record<string, () => Promise<OtherSide>>> = {
  smtp: smtpSide,
  twilio: twilioSide,
  fcm: fcmSide,
  webhook: webhookSide,
  slack: slackSide,
  discord: discordSide,
  teams: teamsSide,
  in_app: async () => nothing,
  sandbox: sandboxSide,
};
