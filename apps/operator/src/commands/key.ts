import { createKey } from "@tidings/core/keys/create-key";
import { type CreateKeyBody, createKeyBody } from "@tidings/core/keys/key-schemas";
import { listKeys } from "@tidings/core/keys/list-keys";
import { presentKey } from "@tidings/core/keys/present-key";
import { revokeKey } from "@tidings/core/keys/revoke-key";
import { getTenantBySlug } from "@tidings/core/tenants/get-tenant-by-slug";
import { uuidOf } from "@tidings/shared/ids";
import { modes } from "@tidings/shared/modes";
import { scopes } from "@tidings/shared/scopes";
import type { z } from "zod";
import { everyPage } from "../every-page";
import { operatorCommand } from "../operator-command";
import { shortTime, table } from "../table";
import { readOptions, UsageError } from "../usage-error";
import { tenantOption } from "./tenant-option";

export const keyCreate = operatorCommand({
  name: "key create",
  description: "Make an API key and show it, this once",
  args: {
    ...tenantOption,
    name: { type: "string", required: true, description: "What it is for" },
    mode: { type: "enum", options: [...modes], default: "live", description: "A test key reaches no real provider" },
    scopes: { type: "string", default: "send,read", description: `Of ${scopes.join(",")}` },
    "expires-at": { type: "string", alias: "expires", description: "2027-12-31 (from 0:00 UTC), or a whole time" },
  },
  async run(args, { database, hasher }) {
    const body = readOptions(createKeyBody, {
      name: args.name,
      mode: args.mode as CreateKeyBody["mode"],
      scopes: args.scopes.split(",") as z.input<typeof createKeyBody>["scopes"],
      expiresAt: args["expires-at"]?.replace(/^\d{4}-\d{2}-\d{2}$/, "$&T00:00:00Z"),
    });
    const tenant = await getTenantBySlug(database, args.tenant);
    const { row, text: key } = await createKey({ database, hasher }, tenant.id, body);
    const text = `${key}\n\nThis is the only time it is shown: keep it where your secrets are.`;
    return { data: { ...presentKey(row), key }, text };
  },
});

export const keyList = operatorCommand({
  name: "key list",
  description: "List a tenant's API keys, newest first",
  args: tenantOption,
  async run({ tenant: slug }, { database }) {
    const tenant = await getTenantBySlug(database, slug);
    const keys = (await everyPage((page) => listKeys(database, tenant.id, page))).map(presentKey);
    const rows = keys.map((key) => [
      key.id,
      key.name,
      key.prefix,
      key.scopes.join(","),
      shortTime(key.createdAt),
      shortTime(key.lastUsedAt),
      key.revokedAt ? `revoked ${shortTime(key.revokedAt)}` : shortTime(key.expiresAt),
    ]);
    const headings = ["id", "name", "key", "scopes", "created", "last used", "ends"];
    return { data: keys, text: table(headings, rows, `${tenant.slug} has no keys yet.`) };
  },
});

export const keyRevoke = operatorCommand({
  name: "key revoke",
  description: "End an API key for good, everywhere within a second",
  args: { ...tenantOption, id: { type: "positional", required: true, description: "As key list shows it, key_…" } },
  async run({ tenant: slug, id }, { database }) {
    const uuid = uuidOf("key", id);
    if (!uuid) throw new UsageError(`${id} is no key's id: those begin with key_, and key list shows them.`);
    const tenant = await getTenantBySlug(database, slug);
    const key = presentKey(await revokeKey(database, tenant.id, uuid));
    return { data: key, text: `${key.name} (${key.prefix}) is revoked since ${shortTime(key.revokedAt)} UTC.` };
  },
});
