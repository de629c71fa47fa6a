import type { Provider } from "@tidings/channels/provider";
import { providers } from "@tidings/channels/registry";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { channelSchema } from "../../notifications/notification-request";
import { accountStates } from "../health/judge-account";

/** Most provider accounts of a tenant. */
export const maxAccounts = 50;

/** Providers that need no account of a tenant: they are ours, and every tenant has them. */
const ours = new Set(["sandbox", "in_app"]);

/** Every provider that a tenant can have an account at, by id. */
export const tenantProviders: ReadonlyMap<string, Provider> = new Map([...providers].filter(([id]) => !ours.has(id)));

const providerSchema = z.enum([...tenantProviders.keys()] as [string, ...string[]]).meta({
  description: "Its type: `GET /v1/provider-types` lists them with the settings each has",
  example: "smtp",
});

const rateSchema = z.strictObject({
  perSecond: z.number().min(0.01).max(100_000).meta({ description: "Deliveries a second; of SMS, segments" }),
  burst: z.int().min(1).max(1_000_000).optional().meta({
    description: "How many at once after a pause; a second's unless told",
  }),
});

const wishes = {
  name: z.string().trim().min(1).max(100).refine(isStorable, "must be text that can be stored").meta({
    description: "For people",
    example: "Our mail server",
  }),
  channels: z
    .array(channelSchema)
    .min(1)
    .refine((given) => new Set(given).size === given.length, "must not name a channel twice")
    .meta({ description: "Channels of its provider that it serves", example: ["email"] }),
  config: z.record(z.string(), z.unknown()),
  order: z.int().min(0).max(1_000).meta({ description: "Lower is tried first" }),
  weight: z.int().min(1).max(1_000).meta({ description: "Its share among accounts of the same order" }),
  rate: rateSchema.nullable().meta({ description: "Its own limit; null: none" }),
  enabled: z.boolean().meta({ description: "Whether it is sent with" }),
};

const example = {
  provider: "smtp",
  config: { host: "smtp.example.com", user: "tidings", password: "…", from: "Acme <hello@example.com>" },
};

/** What a new account is made from. */
export const createAccountBody = z
  .strictObject({
    provider: providerSchema,
    name: wishes.name.optional().meta({ description: "For people; the provider's name unless told" }),
    channels: wishes.channels.optional().meta({ description: "All of its provider's unless told" }),
    config: wishes.config.default({}).meta({
      description: "Credentials and settings, as the provider's schema has them. Stored encrypted",
    }),
    order: wishes.order.default(0),
    weight: wishes.weight.default(100),
    rate: wishes.rate
      .optional()
      .meta({ description: "Its own limit; null: none. Unless told, what the provider is known for" }),
    enabled: wishes.enabled.default(true),
  })
  .meta({ id: "ProviderAccountCreate", example });
export type CreateAccountBody = z.output<typeof createAccountBody>;

/** What may change of an account. What is absent stays. */
export const updateAccountBody = z
  .strictObject({
    ...wishes,
    config: wishes.config.meta({
      description:
        "Settings to change: those left out stay, secrets too, and null removes one. Where the account leads elsewhere, its secrets must be given again",
    }),
  })
  .partial()
  .meta({ id: "ProviderAccountUpdate", example: { enabled: false } });
export type UpdateAccountBody = z.output<typeof updateAccountBody>;

/** How an account fares, as its tenant sees it. */
export const publicAccountHealth = z
  .object({
    state: z.enum(accountStates).meta({
      description:
        "`failing`: its circuit is open, or all of the day's attempts failed. `degraded`: many of the last seconds' or of the day's did. `unproven`: it was not used today",
    }),
    circuit: z.enum(["closed", "open", "half-open"]).nullable().meta({
      description:
        "`open`: it is not sent through for a while; `half-open`: one message finds out whether it works again. Null when it was not used for minutes",
    }),
    today: z
      .object({
        attempts: z.int(),
        failed: z.int().meta({ description: "Not sent, whether tried again or not" }),
        medianMs: z.int(),
        lastAt: z.iso.datetime(),
        lastError: z.object({ reason: z.string().nullable(), at: z.iso.datetime() }).nullable(),
      })
      .nullable()
      .meta({ description: "Of the tenant's newest 2,000 live deliveries of the last 24 hours; null without one" }),
  })
  .meta({ id: "ProviderAccountHealth" });
export type PublicAccountHealth = z.infer<typeof publicAccountHealth>;

/** The message to try an account with. */
export const testAccountBody = z
  .strictObject({
    channel: channelSchema.optional().meta({ description: "The account's first unless told" }),
    to: z.string().min(1).max(4_096).meta({ description: "The address", example: "ann@example.com" }),
    content: z.record(z.string(), z.unknown()).optional().meta({
      description: "As for a notification on the channel; a short greeting unless told",
    }),
  })
  .meta({ id: "ProviderAccountTest", example: { to: "ann@example.com" } });
export type TestAccountBody = z.output<typeof testAccountBody>;

/** An account as its tenant sees it. */
export const publicAccount = z
  .object({
    id: z.string().meta({ example: "acc_01h455vb4pex5vsknk084sn02q" }),
    provider: z.string().meta({
      description: "Its type. One that `GET /v1/provider-types` does not list can only be disabled or deleted",
    }),
    name: z.string(),
    channels: z.array(z.string()),
    config: z.record(z.string(), z.unknown()).meta({
      description: "Its settings; of a secret, the last four characters",
      example: { ...example.config, password: "••••cdef" },
    }),
    order: z.int(),
    weight: z.int(),
    rate: z.object({ perSecond: z.number(), burst: z.int() }).nullable(),
    enabled: z.boolean(),
    receiptUrl: z.string().nullable().meta({
      description:
        "Where the provider must send its receipts, to the letter; a path where the platform has no public URL, null when the provider sends none",
    }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "ProviderAccount" });
export type PublicAccount = z.infer<typeof publicAccount>;

/** An account that was just saved. */
export const savedAccount = publicAccount
  .extend({
    checked: z.boolean().meta({ description: "Whether the provider has confirmed the credentials" }),
    checkReason: z.string().nullable().meta({ description: "Why it has not; null when they are as they were" }),
  })
  .meta({ id: "SavedProviderAccount" });
export type SavedAccount = z.infer<typeof savedAccount>;

/** What became of a test message. */
export const publicAccountTest = z
  .object({
    outcome: z.enum(["sent", "deferred", "rejected", "busy"]),
    reason: z.string().nullable().meta({ description: "The provider's words, when it was not sent" }),
    providerMessageId: z.string().nullable(),
    durationMs: z.int(),
  })
  .meta({ id: "ProviderAccountTestResult" });
export type PublicAccountTest = z.infer<typeof publicAccountTest>;

/** A provider that accounts can be made at. */
export const publicProviderType = z
  .object({
    id: z.string().meta({ example: "smtp" }),
    name: z.string().meta({ example: "SMTP" }),
    channels: z.array(z.string()),
    capabilities: z.object({
      idempotencyKey: z.boolean().meta({ description: "Sends what is repeated under the same key once" }),
      attachments: z.boolean(),
      receipts: z.boolean().meta({ description: "Tells later what became of a message" }),
      batch: z.boolean().meta({ description: "Takes many messages in one call" }),
      credentialCheck: z.boolean().meta({ description: "Says whether it knows credentials when they are saved" }),
    }),
    config: z.record(z.string(), z.unknown()).meta({
      description: "JSON schema (2020-12) of its settings; a secret is marked `writeOnly`",
    }),
  })
  .meta({ id: "ProviderType" });
export type PublicProviderType = z.infer<typeof publicProviderType>;
