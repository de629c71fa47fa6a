import { expect, test } from "vitest";
import { chat, chatProductOf } from "./chat";

const { schema } = chat.addressField;

test.each([
  ["https://hooks.slack.com/services/T0/B0/secret", "slack"],
  ["https://discord.com/api/webhooks/123/to-ken_1", "discord"],
  ["https://discordapp.com/api/v10/webhooks/123/token?thread_id=5", "discord"],
  ["https://canary.discord.com/api/webhooks/123/token", "discord"],
  ["https://acme.webhook.office.com/webhookb2/1@2/IncomingWebhook/3/4", "teams"],
  ["https://prod-03.westus.logic.azure.com:443/workflows/ab/triggers/manual/paths/invoke?api-version=1&sig=x", "teams"],
  [
    "https://94.4a.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/b9/triggers/manual/paths/invoke?sig=x",
    "teams",
  ],
])("%s is a webhook of %s", (url, product) => {
  expect(chatProductOf(url)).toBe(product);
  expect(schema.parse(url)).toBe(url.replace(":443", ""));
});

test.each([
  "http://hooks.slack.com/services/T0/B0/secret",
  "https://hooks.slack.com.evil.example/services/T0/B0/secret",
  "https://evil.example/hooks.slack.com/services/T0/B0/secret",
  "https://hooks.slack.com:8443/services/T0/B0/secret",
  "https://user:pw@hooks.slack.com/services/T0/B0/secret",
  "https://hooks.slack.com/workflows/T0",
  "https://discord.com/channels/1/2",
  "https://discord.com/api/webhooks/123/token/slack",
  "https://evildiscord.com/api/webhooks/1/2",
  "https://evil.example/?.webhook.office.com/x",
  "https://logic.azure.com/workflows/x",
  "https://127.0.0.1/services/T0",
  "not a url",
  `https://hooks.slack.com/services/${"x".repeat(2_048)}`,
])("%s is refused", (url) => {
  expect(schema.safeParse(url).error?.issues[0]?.message).toMatch(/incoming webhook of Slack|<=2048/);
});
