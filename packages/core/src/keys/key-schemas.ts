import { modeSchema } from "@tidings/shared/modes";
import { scopes } from "@tidings/shared/scopes";
import { isStorable } from "@tidings/shared/text";
import { z } from "zod";

/** What a new key is made from. */
export const createKeyBody = z.strictObject({
  name: z.string().trim().min(1).max(100).refine(isStorable, "must be text that can be stored"),
  mode: modeSchema,
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .max(scopes.length)
    .refine((given) => new Set(given).size === given.length, "must not name a scope twice"),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .refine((time) => time.getTime() > Date.now(), "must be in the future")
    .nullish(),
});
export type CreateKeyBody = z.output<typeof createKeyBody>;

/** A key as its tenant sees it. */
export const publicKey = z.object({
  id: z.string().meta({ example: "key_01jd3q2v8hf8b9v5m3k7t2c4xz" }),
  name: z.string(),
  mode: modeSchema,
  scopes: z.array(z.enum(scopes)),
  /** The key's beginning, to recognise it by. */
  prefix: z.string().meta({ example: "tdg_live_4fT9xK2mQ8LzR1bV_…" }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type PublicKey = z.infer<typeof publicKey>;
