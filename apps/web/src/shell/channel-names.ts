/** What channels are called. */
export const channelNames: Readonly<Record<string, string>> = {
  email: "Email",
  sms: "SMS",
  whatsapp: "WhatsApp",
  push: "Push",
  in_app: "In-app",
  webhook: "Webhook",
  chat: "Chat",
};
