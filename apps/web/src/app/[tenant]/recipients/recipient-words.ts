import type { Answers } from "../../../trpc/answers";

type Outputs = Answers["recipients"];
/** A recipient as pages show it. */
export type Recipient = Outputs["get"];
/** What was erased of a person. */
export type Erasure = Outputs["erase"];

/** Addresses that a recipient is stored with, in the order they are asked for. Devices register themselves. */
export const addressKinds = [
  { field: "email", label: "Email", placeholder: "ann@example.com", help: undefined },
  {
    field: "phone",
    label: "Phone",
    placeholder: "+14155550100",
    help: "For SMS and WhatsApp, with the country's code.",
  },
  {
    field: "chatUrl",
    label: "Chat URL",
    placeholder: "https://hooks.slack.com/…",
    help: "An incoming webhook of Slack, Discord or Teams. It is a secret.",
  },
  { field: "url", label: "Webhook URL", placeholder: "https://example.com/notify", help: "For the webhook channel." },
] as const;

/** Where a recipient's page is, after the tenant's slug. */
export const recipientPath = (id: string) => `recipients/${encodeURIComponent(id)}`;

/** The kinds of rows of an erasure, as people call them. */
export const erasedNames: Readonly<Record<keyof Erasure["erased"], string>> = {
  recipients: "Recipients deleted",
  devices: "Devices deleted",
  inboxItems: "Inbox items deleted",
  suppressions: "Suppressions deleted",
  notifications: "Messages emptied",
  deliveries: "Deliveries emptied",
  attempts: "Attempts emptied",
  receipts: "Receipts emptied",
  receiptCalls: "Providers' calls emptied",
  reports: "Webhook reports emptied",
  reportAttempts: "Webhook answers emptied",
  deadLetters: "Dead letters deleted",
  idempotencyKeys: "Idempotency keys deleted",
  auditEntries: "Audit entries emptied",
  canceled: "Messages canceled",
  skipped: "Deliveries stopped",
  inFlight: "Deliveries that were with a provider",
};
