import { z } from "zod";
import { type IdKind, publicId } from "./ids";
import { type DeliveryStatus, deliveryStatuses, type NotificationStatus, notificationStatuses } from "./lifecycles";

const text = z.string().nullable();
const id = (example: string) => z.string().meta({ example });

/** What every event tells of itself. */
const happened = {
  occurredAt: z.iso.datetime().meta({ description: "When it happened" }),
  sequence: z.int().meta({
    description:
      "Drawn from one counter for all reports when this one was written: of two that an endpoint gets about one notification the higher is of the later state. A gap says nothing. A replayed report has the number of the last one before it, or 0: where numbers are equal timestamps decide",
  }),
};

/** How a delivery came back. */
export const bounceSchema = z
  .object({
    kind: z.enum(["hard", "soft"]).meta({
      description: "`hard`: the address does not exist, and is suppressed; `soft`: it may take a later message",
    }),
    reason: text.meta({ description: "The provider's words" }),
  })
  .meta({ id: "Bounce" });
export type Bounce = z.output<typeof bounceSchema>;

const notificationData = z
  .object({
    id: id("ntf_01h455vb4pex5vsknk084sn02q"),
    status: z.enum(notificationStatuses as [NotificationStatus, ...NotificationStatus[]]).nullable(),
    category: text,
    recipientId: text.meta({ description: "Your own id of the recipient; null for raw addresses" }),
    channels: z.array(z.string()).nullable(),
    reason: text.meta({ description: "Why it ended without a delivery" }),
    requestId: text,
    ...happened,
  })
  .meta({ id: "NotificationEventData" });

const deliveryData = z
  .object({
    id: id("dlv_01h455vb4pex5vsknk084sn02q"),
    notificationId: id("ntf_01h455vb4pex5vsknk084sn02q").nullable(),
    channel: text,
    address: text,
    recipientId: text.meta({ description: "Your own id of the recipient; null for raw addresses" }),
    category: text,
    status: z.enum(deliveryStatuses as [DeliveryStatus, ...DeliveryStatus[]]).nullable(),
    provider: text,
    providerMessageId: text,
    reason: text.meta({ description: "The provider's words, or why it was skipped" }),
    bounce: bounceSchema.nullable().meta({ description: "What kind of bounce; null unless it bounced" }),
    attempt: z.int().nullable().meta({ description: "Attempts made so far" }),
    url: text.meta({ description: "The link that was clicked" }),
    ...happened,
  })
  .meta({ id: "DeliveryEventData" });

const suppressionData = z
  .object({
    id: id("sup_01h455vb4pex5vsknk084sn02q"),
    channel: text,
    address: text,
    category: text.meta({ description: "Null: every category" }),
    reason: text.meta({ description: "Why: `hard_bounce`, `complaint`, `stop`, `unsubscribe` or `manual`" }),
    detail: text,
    ...happened,
  })
  .meta({ id: "SuppressionEventData" });

const endpointData = z
  .object({
    id: id("edp_01h455vb4pex5vsknk084sn02q"),
    url: text,
    reason: text,
    failingSince: z.iso.datetime({ offset: true }).nullable(),
    ...happened,
  })
  .meta({ id: "EndpointEventData" });

const quotaData = z
  .object({
    month: text.meta({ description: "Which month in UTC is counted", example: "2026-11" }),
    channel: text.meta({ description: "Null: all channels together" }),
    used: z.number().nullable(),
    limit: z.number().nullable(),
    percent: z.number().nullable().meta({ description: "The share of the quota that was reached" }),
    ...happened,
  })
  .meta({ id: "QuotaEventData" });

const testData = z.object({ message: text, ...happened }).meta({ id: "TestEventData" });

/** What an event is about → the schema of its `data`, and which of its fields are ids of what. */
const families = {
  notification: { data: notificationData, ids: { id: "notification" } },
  delivery: { data: deliveryData, ids: { id: "delivery", notificationId: "notification" } },
  suppression: { data: suppressionData, ids: { id: "suppression" } },
  endpoint: { data: endpointData, ids: { id: "endpoint" } },
  quota: { data: quotaData, ids: {} },
  test: { data: testData, ids: {} },
} as const satisfies Record<string, { data: z.ZodObject; ids: Readonly<Record<string, IdKind>> }>;
type Family = keyof typeof families;

/** Every event an endpoint can ask for, with what it means. Types are public: they are added, never renamed. */
export const reportEvents = {
  "notification.accepted": "A notification was accepted: it is durably stored.",
  "notification.processing": "A notification was routed: its deliveries are on their way.",
  "notification.sent": "Every delivery of a notification that was to go out did.",
  "notification.partial": "Some deliveries of a notification went out, others failed.",
  "notification.failed": "No delivery of a notification got through.",
  "notification.skipped": "A notification had nobody to go to: muted, suppressed or without an address.",
  "notification.canceled": "A notification was canceled before it was processed.",
  "delivery.queued": "A delivery was planned: one channel's message to one address.",
  "delivery.sent": "A provider took a delivery.",
  "delivery.delivered": "The provider says that a delivery arrived.",
  "delivery.bounced": "A delivery came back: the address does not take it.",
  "delivery.failed": "A delivery failed for good: refused, or tried too often.",
  "delivery.skipped": "A delivery was not sent, because of a preference or a suppression.",
  "delivery.unknown": "A provider may or may not have taken a delivery; sending it again might double it.",
  "delivery.opened": "A person opened a message, as far as that can be told.",
  "delivery.clicked": "A person clicked a link of a message.",
  "delivery.complained": "A person called a message spam.",
  "suppression.added": "An address must not be sent to any more.",
  "suppression.removed": "An address may be sent to again.",
  "endpoint.disabled": "An endpoint was disabled: it answered 410, or nothing got through for days.",
  "quota.warning": "Most of a month's quota is used.",
  "quota.exceeded": "A month's quota is used up.",
  "test.ping": "You asked for it, to see that an endpoint answers.",
} as const satisfies Record<`${Family}.${string}`, string>;
export type ReportEventType = keyof typeof reportEvents;
export const reportEventTypes = Object.keys(reportEvents) as [ReportEventType, ...ReportEventType[]];

type FamilyOf<Type extends ReportEventType> = Type extends `${infer Name extends Family}.${string}` ? Name : never;

/** `data` of an event as endpoints get it. */
export type ReportData<Type extends ReportEventType = ReportEventType> = z.output<
  (typeof families)[FamilyOf<Type>]["data"]
>;

/**
 * What a report stores of an event: its data with UUIDs as they are in the database. What is unknown may be absent.
 * `occurredAt`, a time in any ISO 8601 form, is given only when the report is written later than what it tells.
 */
export type ReportFacts<Type extends ReportEventType = ReportEventType> = Partial<Omit<ReportData<Type>, "sequence">>;

/** What an endpoint can ask for: everything, all events about one thing, or single types. */
export const eventPatterns = ["*", ...Object.keys(families).map((name) => `${name}.*`), ...reportEventTypes] as [
  string,
  ...string[],
];

const familyOf = (type: ReportEventType) => type.slice(0, type.indexOf(".")) as Family;

/** The schema of an event's `data`. */
function dataSchemaOf(type: ReportEventType): z.ZodObject {
  return families[familyOf(type)].data;
}

/** The schema of an event's whole body, as Standard Webhooks lays it out. */
export function bodySchemaOf(type: ReportEventType): z.ZodObject {
  return z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime().meta({ description: "When it happened" }),
    data: dataSchemaOf(type),
  });
}

/** A report as the database stores it. */
export interface StoredReport {
  type: string;
  facts: unknown;
  sequence: bigint;
  createdAt: Date;
}

/** What an endpoint is sent, before it is written as JSON. */
export interface ReportBody {
  type: ReportEventType;
  timestamp: string;
  data: ReportData;
}

/**
 * The public data of an event, its fields always in the same order: ids in their public form, null for what is unknown.
 * @param report says when it was written and its place among others
 */
function dataOf<Type extends ReportEventType>(
  type: Type,
  facts: ReportFacts<Type>,
  { sequence, createdAt }: Pick<StoredReport, "sequence" | "createdAt">,
): ReportData<Type> {
  const { data, ids } = families[familyOf(type)] as { data: z.ZodObject; ids: Readonly<Record<string, IdKind>> };
  const known = facts as Readonly<Record<string, unknown>>;
  const told: Record<string, unknown> = {};
  for (const name of Object.keys(data.shape)) {
    const value = known[name] ?? null;
    const kind = ids[name];
    told[name] = kind && typeof value === "string" ? publicId(kind, value) : value;
  }
  const occurredAt = (typeof known.occurredAt === "string" ? new Date(known.occurredAt) : createdAt).toISOString();
  return Object.assign(told, { occurredAt, sequence: Number(sequence) }) as ReportData<Type>;
}

/** The body of a report: the same however often it is sent. */
export function bodyOf({ type, facts, ...report }: StoredReport): ReportBody {
  const data = dataOf(type as ReportEventType, facts as ReportFacts, report);
  return { type: type as ReportEventType, timestamp: data.occurredAt, data };
}

const exampleUuid = "01890a5d-ac96-774b-bcce-b302099a8057";
const exampleTime = new Date("2026-11-21T09:00:00.000Z");
/** What the examples of a family have in common. */
const familyFacts = {
  notification: { id: exampleUuid, category: "order_updates", recipientId: "usr_42", channels: ["email"] },
  delivery: {
    id: exampleUuid,
    notificationId: exampleUuid,
    channel: "email",
    address: "ann@example.com",
    recipientId: "usr_42",
    category: "order_updates",
    provider: "smtp",
    attempt: 1,
  },
  suppression: { id: exampleUuid, channel: "email", address: "ann@example.com", reason: "hard_bounce" },
  endpoint: { id: exampleUuid, url: "https://example.com/hooks/tidings", failingSince: "2026-11-16T09:00:00.000Z" },
  quota: { month: "2026-11", channel: "sms", limit: 10_000 },
  test: { message: "It works." },
} satisfies { [Name in Family]: Partial<z.output<(typeof families)[Name]["data"]>> };

/** What an example tells beside what all of its family do. */
const special: { [Type in ReportEventType]?: ReportFacts<Type> } = {
  "notification.skipped": { reason: "the recipient muted every channel" },
  "delivery.queued": { provider: null, attempt: 0 },
  "delivery.sent": { providerMessageId: "<01890a5d@example.com>" },
  "delivery.delivered": { reason: "250 2.0.0 OK" },
  "delivery.bounced": {
    reason: "550 5.1.1 The email account does not exist",
    bounce: { kind: "hard", reason: "550 5.1.1 The email account does not exist" },
  },
  "delivery.failed": { reason: "554 5.7.1 Rejected by policy" },
  "delivery.skipped": { provider: null, attempt: 0, reason: "suppressed: hard bounce (550 5.1.1 no such user)" },
  "delivery.unknown": { reason: "the provider did not answer in time" },
  "delivery.opened": { status: "DELIVERED" },
  "delivery.clicked": { status: "DELIVERED", url: "https://example.com/orders/1234" },
  "delivery.complained": { status: "DELIVERED" },
  "endpoint.disabled": { reason: "It answered no report for 5 days." },
  "quota.warning": { used: 8_000, percent: 80 },
  "quota.exceeded": { used: 10_000, percent: 100 },
};

/** Facts of an example of an event: what a test sends, and what the reference shows. */
export function exampleFactsOf(type: ReportEventType): ReportFacts {
  const [family, what] = type.split(".") as [Family, string];
  const hasStatus = family === "notification" || family === "delivery";
  return {
    ...familyFacts[family],
    ...(hasStatus && { status: what === "accepted" ? "PENDING" : what.toUpperCase() }),
    ...special[type],
  } as ReportFacts;
}

/** The body of an example of an event. */
export function exampleOf(type: ReportEventType): ReportBody {
  return bodyOf({ type, facts: exampleFactsOf(type), sequence: 1n, createdAt: exampleTime });
}
