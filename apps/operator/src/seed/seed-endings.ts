import type { SeedEnding, SeedIncident } from "@tidings/db/seed/seed-plan";

/** How deliveries end that do not arrive, in the words of providers. */
export const seedEndings: readonly SeedEnding[] = [
  {
    channel: "email",
    status: "BOUNCED",
    reason: "550 5.1.1 The email account that you tried to reach does not exist",
    share: 0.011,
    tries: 1,
  },
  { channel: "email", status: "BOUNCED", reason: "552 5.2.2 Mailbox full", share: 0.004, tries: 1 },
  {
    channel: "email",
    status: "SKIPPED",
    reason: "suppressed: unsubscribed from promotions",
    share: 0.009,
    tries: 0,
  },
  { channel: "email", status: "SKIPPED", reason: "suppressed: hard bounce", share: 0.004, tries: 0 },
  {
    channel: "email",
    status: "FAILED",
    reason: "554 5.7.1 Message rejected due to content restrictions: the sending domain's SPF record does not match",
    share: 0.003,
    tries: 1,
  },
  {
    channel: "email",
    status: "FAILED",
    reason: "421 4.3.2 Service not available, closing channel",
    share: 0.002,
    tries: 5,
  },
  {
    channel: "email",
    status: "UNKNOWN",
    reason: "the attempt before ended without an outcome",
    share: 0.0005,
    tries: 1,
  },
  {
    channel: "sms",
    status: "FAILED",
    reason: "21211: The 'To' number is not a valid phone number",
    share: 0.008,
    tries: 1,
  },
  {
    channel: "sms",
    status: "FAILED",
    reason: "21610: Attempt to send to unsubscribed recipient",
    share: 0.004,
    tries: 1,
  },
  { channel: "sms", status: "BOUNCED", reason: "30003: Unreachable destination handset", share: 0.012, tries: 1 },
  { channel: "sms", status: "SKIPPED", reason: "suppressed: STOP", share: 0.006, tries: 0 },
  {
    channel: "whatsapp",
    status: "FAILED",
    reason: "131026: Message undeliverable — the recipient has not accepted the new Terms of Service",
    share: 0.02,
    tries: 1,
  },
  {
    channel: "push",
    status: "FAILED",
    reason: "UNREGISTERED: Requested entity was not found.",
    share: 0.03,
    tries: 1,
  },
  { channel: "webhook", status: "FAILED", reason: "answered 500 Internal Server Error", share: 0.05, tries: 5 },
];

/** A morning on which a mail provider was down, and an evening on which a key had run out. */
export const seedIncidents: readonly SeedIncident[] = [
  {
    channel: "email",
    fromHoursAgo: 12 * 24 + 3,
    toHoursAgo: 12 * 24,
    share: 0.35,
    reason: "451 4.3.0 Temporary failure: the mail system is overloaded, try again later",
  },
  {
    channel: "sms",
    fromHoursAgo: 5,
    toHoursAgo: 3.5,
    share: 0.5,
    reason: "20003: Authentication Error - invalid username",
  },
];
