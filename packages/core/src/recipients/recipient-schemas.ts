import { push } from "@tidings/channels/channels/push";
import { isStorable, localeSchema, timeZoneSchema } from "@tidings/shared/text";
import { z } from "zod";
import { addressFields, recipientIdSchema } from "../notifications/notification-request";
import { pageQuery } from "../page";

/** Most devices of one recipient. */
const maxDevices = 50;
/** Largest `data` of a recipient, as JSON. */
const maxRecipientDataBytes = 16_384;

export const devicePlatforms = ["ios", "android", "web"] as const;
export type DevicePlatform = (typeof devicePlatforms)[number];

const deviceSchema = z.strictObject({
  token: push.addressField.schema.meta({
    description: "What the push service knows the app installation by: its token, or a browser's subscription as JSON",
  }),
  platform: z.enum(devicePlatforms),
});

/** What a list of recipients is narrowed down by. */
export const recipientFilters = pageQuery.extend({
  q: z
    .string()
    .min(1)
    .max(4_096)
    .refine(isStorable, "must be text that can be stored")
    .optional()
    .meta({ description: "How an id begins, or an address or a device's token as a whole" }),
});
export type RecipientFilters = Pick<z.output<typeof recipientFilters>, "q">;

/** Address fields a recipient is stored with: a person has many devices, so their tokens stand in `devices`. */
export const storedFields = Object.entries(addressFields).filter(([name]) => name !== push.addressField.name);
const addresses: Record<string, z.ZodOptional<z.ZodNullable<z.ZodType<string>>>> = Object.fromEntries(
  storedFields.map(([name, schema]) => [name, schema.nullish()]),
);

/** The body of `PUT /v1/recipients/{id}`: all there is to know of a recipient. What is absent or null is removed. */
export const recipientBody = z
  .strictObject({
    ...addresses,
    locale: localeSchema.nullish().meta({ description: "The language to write in, as BCP 47", example: "pt-BR" }),
    timeZone: timeZoneSchema.nullish().meta({ description: "An IANA time zone", example: "Europe/Lisbon" }),
    data: z
      .record(z.string(), z.unknown())
      .refine((data) => Buffer.byteLength(JSON.stringify(data)) <= maxRecipientDataBytes, {
        message: `must be at most ${maxRecipientDataBytes} bytes of JSON`,
      })
      .optional()
      .meta({ description: "Whatever else the tenant wants to keep, at most 16 KB of JSON" }),
    devices: z
      .array(deviceSchema)
      .max(maxDevices)
      .refine((devices) => new Set(devices.map(({ token }) => token)).size === devices.length, {
        message: "must not name a token twice",
      })
      .optional()
      .meta({ description: "App installations that take push messages. A token another recipient has moves over" }),
  })
  .meta({
    id: "RecipientRequest",
    example: {
      email: "ann@example.com",
      phone: "+14155550100",
      locale: "pt-BR",
      timeZone: "Europe/Lisbon",
      devices: [{ token: "fcm-token-1", platform: "android" }],
      data: { plan: "pro" },
    },
  });
export type RecipientBody = z.output<typeof recipientBody>;

/** All of it but the devices, which apps register themselves. */
export const recipientFacts = recipientBody.omit({ devices: true });
export type RecipientFacts = Omit<RecipientBody, "devices">;

/** A stored recipient as its tenant sees it. */
export const publicRecipient = z
  .object({
    id: recipientIdSchema,
    ...Object.fromEntries(storedFields.map(([name]) => [name, z.string().optional()])),
    locale: z.string().nullable(),
    timeZone: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
    devices: z.array(
      z.object({
        id: z.string().meta({ example: "dev_01h455vb4pex5vsknk084sn02q" }),
        token: z.string(),
        platform: z.enum(devicePlatforms),
        createdAt: z.iso.datetime(),
      }),
    ),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "Recipient" });
export type PublicRecipient = z.infer<typeof publicRecipient>;
