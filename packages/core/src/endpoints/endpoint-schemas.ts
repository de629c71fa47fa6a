import { modeSchema } from "@tidings/shared/modes";
import { eventPatterns, reportEventTypes } from "@tidings/shared/report-events";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";
import { categorySchema, channelSchema } from "../notifications/notification-request";
import { endpointSecretSchema } from "./endpoint-secret";

/** Most endpoints of a tenant in a mode. */
export const maxEndpoints = 50;
const maxHeaders = 20;
const maxCategories = 100;
/** Longest overlap of two secrets: a week. */
const maxOverlapSeconds = 7 * 24 * 60 * 60;

/** Headers that are ours to set, or that would change where or how a request goes. */
const ownHeaders =
  /^(?:webhook-.*|content-.*|proxy-.*|host|user-agent|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|via|forwarded|x-forwarded-.*)$/i;

const distinct = (given: readonly string[]) => new Set(given).size === given.length;
const onlyOnce = "must not name anything twice";

const headersSchema = z
  .record(
    z.string().regex(/^[!#$%&'*+.^_`|~\w-]{1,100}$/, "must be the name of a header"),
    z
      .string()
      .max(2_000)
      .regex(/^[\x20-\x7e]*$/, "must be one line of printable ASCII"),
  )
  .refine((headers) => Object.keys(headers).length <= maxHeaders, `must have at most ${maxHeaders} headers`)
  .refine((headers) => distinct(Object.keys(headers).map((name) => name.toLowerCase())), onlyOnce)
  .refine((headers) => !Object.keys(headers).some((name) => ownHeaders.test(name)), {
    message: "must not set host, user-agent, content-*, webhook-* or a header of the connection",
  })
  .meta({
    description: "Sent with every report. Stored encrypted and shown to nobody again",
    example: { authorization: "Bearer receiver-token" },
  });

const wishes = {
  url: z.string().min(1).max(2_048).meta({
    description:
      "Where reports are posted: https, or in test mode http. An address that is not public is refused, now and at every connection",
    example: "https://example.com/hooks/tidings",
  }),
  description: z.string().max(500).refine(isStorable, "must be text that can be stored").nullish(),
  events: z
    .array(z.enum(eventPatterns))
    .min(1)
    .refine(distinct, onlyOnce)
    .meta({
      description: "Which events: types, `delivery.*` for all about one thing, `*` for all there are and will be",
      example: ["delivery.*", "suppression.added"],
    }),
  channels: z.array(channelSchema).refine(distinct, onlyOnce).meta({
    description: "Only of these channels; all when empty. Events about no single channel always come",
  }),
  categories: z.array(categorySchema).max(maxCategories).refine(distinct, onlyOnce).meta({
    description: "Only of these categories; all when empty. Events without a category always come",
  }),
  headers: headersSchema,
  perSecond: z.number().min(0.1).max(1_000).nullable().meta({ description: "Most requests a second; null: no limit" }),
  enabled: z.boolean(),
};

/** What a new endpoint is made from. */
export const createEndpointBody = z
  .strictObject({
    ...wishes,
    events: wishes.events.default(["*"]),
    channels: wishes.channels.default([]),
    categories: wishes.categories.default([]),
    headers: wishes.headers.nullish(),
    perSecond: wishes.perSecond.optional(),
    enabled: wishes.enabled.default(true),
    secret: endpointSecretSchema.optional().meta({ description: "A secret of your own; made when absent" }),
  })
  .meta({ id: "WebhookCreate", example: { url: wishes.url.meta()?.example, events: ["delivery.*"] } });
export type CreateEndpointBody = z.output<typeof createEndpointBody>;

/** What may change of an endpoint. What is absent stays. */
export const updateEndpointBody = z
  .strictObject({ ...wishes, headers: wishes.headers.nullable() })
  .partial()
  .meta({ id: "WebhookUpdate", example: { enabled: true } });
export type UpdateEndpointBody = z.output<typeof updateEndpointBody>;

/** How an endpoint gets its next secret. */
export const rotateSecretBody = z
  .strictObject({
    secret: endpointSecretSchema.optional().meta({ description: "A secret of your own; made when absent" }),
    overlapSeconds: z
      .int()
      .min(0)
      .max(maxOverlapSeconds)
      .default(24 * 60 * 60)
      .meta({ description: "How long the secret before signs too, at most 7 days" }),
  })
  .meta({ id: "WebhookSecretRotation", example: { overlapSeconds: 86_400 } });
export type RotateSecretBody = z.output<typeof rotateSecretBody>;

/** Which example an endpoint is sent. */
export const testEventBody = z
  .strictObject({ type: z.enum(reportEventTypes).default("test.ping") })
  .meta({ id: "WebhookTest", example: { type: "delivery.delivered" } });
export type TestEventBody = z.output<typeof testEventBody>;

const moment = z.iso.datetime();

/** An endpoint as its tenant sees it. */
export const publicEndpoint = z.object({
  id: z.string().meta({ example: "edp_01h455vb4pex5vsknk084sn02q" }),
  mode: modeSchema,
  url: z.string(),
  description: z.string().nullable(),
  events: z.array(z.string()),
  channels: z.array(z.string()),
  categories: z.array(z.string()),
  headerNames: z.array(z.string()).meta({ description: "Names of the headers sent with every report" }),
  perSecond: z.number().nullable(),
  enabled: z.boolean(),
  disabledReason: z.string().nullable().meta({ description: "Why Tidings disabled it; null when you did" }),
  failingSince: moment.nullable().meta({
    description:
      "Since when every attempt failed, without two days of silence between; null while something gets through",
  }),
  previousSecretUntil: moment.nullable().meta({ description: "Until when the secret before signs too" }),
  createdAt: moment,
  updatedAt: moment,
});
export type PublicEndpoint = z.infer<typeof publicEndpoint>;

/** What an endpoint's reports are signed with. */
export const publicEndpointSecret = z
  .object({
    secret: z.string().meta({ example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=" }),
    previousSecret: z.string().nullable().meta({ description: "Signs too until `previousSecretUntil`" }),
    previousSecretUntil: moment.nullable(),
  })
  .meta({ id: "WebhookSecret" });
export type PublicEndpointSecret = z.infer<typeof publicEndpointSecret>;

const reportsOf = (description: string) => z.int().min(0).meta({ description });

/** How reports to an endpoint fared, hour by hour. */
export const publicEndpointHours = z
  .object({
    data: z.array(
      z.object({
        at: moment.meta({ description: "When the hour began, in UTC" }),
        delivered: reportsOf("Written in that hour, and by now delivered"),
        failed: reportsOf("Given up"),
        retrying: reportsOf("Tried without success, and to be tried again"),
        waiting: reportsOf("Not tried yet"),
        isSampled: z.boolean().meta({ description: "Whether there are more: the newest 500 of the hour are counted" }),
      }),
    ),
  })
  .meta({ id: "WebhookHours" });
export type PublicEndpointHours = z.infer<typeof publicEndpointHours>;
