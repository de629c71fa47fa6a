import { formatKey, generateKey, parseKey } from "@tidings/core/keys/key-format";
import { newUuid } from "@tidings/shared/ids";
import type { LoadTenant, System } from "../load/system";

/**
 * Adds tenants that have what one tenant has: its published templates and a test key. All keys share its secret, so that
 * none costs a bcrypt to make.
 * @returns their keys
 */
export async function addCrowd({ database }: System, like: LoadTenant, size: number): Promise<string[]> {
  const known = parseKey(like.key);
  if (!known) throw new Error("the tenant to copy has no key");
  const members = Array.from({ length: size }, () => ({
    tenantId: newUuid(),
    templateId: newUuid(),
    id: newUuid(),
    keyId: generateKey(known.mode).keyId,
  }));
  const tenantIds = members.map(({ tenantId }) => tenantId);
  const templateIds = members.map(({ templateId }) => templateId);
  await database.$transaction([
    database.$executeRaw`
      INSERT INTO tenant (id, name, slug) SELECT id, 'crowd', 'crowd-' || id FROM unnest(${tenantIds}::uuid[]) AS id`,
    database.$executeRaw`
      INSERT INTO template (id, tenant_id, key, name, category, draft, published_version, updated_at)
      SELECT given.id, given.tenant_id, key, name, category, draft, published_version, now()
      FROM template, unnest(${templateIds}::uuid[], ${tenantIds}::uuid[]) AS given (id, tenant_id)
      WHERE template.tenant_id = ${like.id}::uuid`,
    database.$executeRaw`
      INSERT INTO template_version (tenant_id, template_id, version, content, variables)
      SELECT given.tenant_id, given.id, version, content, variables
      FROM template_version AS v, unnest(${templateIds}::uuid[], ${tenantIds}::uuid[]) AS given (id, tenant_id)
      WHERE v.tenant_id = ${like.id}::uuid`,
    database.$executeRaw`
      INSERT INTO api_key (id, tenant_id, key_id, name, mode, scopes, secret_hash)
      SELECT given.id, given.tenant_id, given.key_id, name, mode, scopes, secret_hash
      FROM api_key,
        unnest(${members.map(({ id }) => id)}::uuid[], ${tenantIds}::uuid[], ${members.map(({ keyId }) => keyId)}::text[])
          AS given (id, tenant_id, key_id)
      WHERE api_key.key_id = ${known.keyId}`,
  ]);
  return members.map(({ keyId }) => formatKey({ ...known, keyId }));
}
