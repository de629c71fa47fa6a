/** People of one language, from whose names recipients are made. */
export interface SeedCulture {
  locale: string;
  timeZone: string;
  /** Of phone numbers, such as `+351`. */
  countryCode: string;
  /** As people write them, and as their email address does. */
  firstNames: readonly (readonly [name: string, latin: string])[];
  lastNames: readonly (readonly [name: string, latin: string])[];
}

/** What a tenant sends: a published template, or direct content. */
export interface SeedMessage {
  templateId: string | null;
  version: number | null;
  /** Direct content by channel; null with a template. */
  content: Readonly<Record<string, unknown>> | null;
  category: string | null;
  channels: readonly string[];
  /** 0 critical … 3 low. */
  priority: number;
  /** Its share of the tenant's messages, beside the others'. */
  weight: number;
  /** What an inbox shows of it. */
  title: string;
}

/** A provider account that sends on a channel. */
export interface SeedAccount {
  channel: string;
  provider: string;
  /** A tenant's by its UUID, the platform's by its name. */
  account: string;
  /** Its share of the channel, beside the others'. */
  weight: number;
  /** Why it was chosen, as people read it. */
  choice: string;
  /** Whether the provider tells what became of a message. */
  hasReceipts: boolean;
  /** What its message ids begin and end with. */
  idPrefix: string;
  idSuffix: string;
}

/** A way in which deliveries of a channel end, in a provider's words. */
export interface SeedEnding {
  channel: string;
  status: "FAILED" | "BOUNCED" | "SKIPPED" | "UNKNOWN";
  reason: string;
  /** Share of the channel's deliveries, 0 to 1. */
  share: number;
  tries: number;
}

/** A span in which a channel's deliveries fail more than they use to. */
export interface SeedIncident {
  channel: string;
  /** Days and hours before the end of the history. */
  fromHoursAgo: number;
  toHoursAgo: number;
  share: number;
  reason: string;
}

/** An endpoint that is told of deliveries. */
export interface SeedEndpoint {
  id: string;
  /** States of deliveries that it is told of. */
  statuses: readonly string[];
  /** Since and until when, in hours before the end of the history. */
  fromHoursAgo: number;
  toHoursAgo: number;
  /** Share of reports that it never took, 0 to 1. */
  failing: number;
}

/** The history of one tenant. */
export interface SeedHistory {
  tenantId: string;
  messages: number;
  people: number;
  days: number;
  /** The last moment. */
  until: Date;
  /** The same number makes the same history up to the same moment. */
  seed: number;
  /** Domains of recipients' addresses. */
  domains: readonly string[];
  cultures: readonly SeedCulture[];
  sends: readonly SeedMessage[];
  accounts: readonly SeedAccount[];
  endings: readonly SeedEnding[];
  incidents: readonly SeedIncident[];
  endpoints: readonly SeedEndpoint[];
}
