import type { Database, Transaction } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { getTemplate } from "./get-template";
import { lockTemplate } from "./lock-template";

/** Most templates that a refusal names. */
const maxNamed = 5;

/**
 * Deletes a template with its versions. Messages that were sent keep their record, but what they said can't be rendered
 * any more; so one that something still needs is refused.
 * @throws {Refusal} not_found; conflict, when it is another's layout or messages that use it are on their way
 */
export async function deleteTemplate(database: Database, tenantId: string, key: string): Promise<void> {
  await database.$transaction(async (transaction) => {
    await lockTemplate(transaction, tenantId, key);
    const { id } = await getTemplate(transaction, tenantId, key);
    const dependents = await transaction.template.findMany({
      where: { tenantId, draft: { path: ["layout"], equals: key } },
      select: { key: true },
      orderBy: { key: "asc" },
      take: maxNamed + 1,
    });
    if (dependents.length > 0) {
      const named = dependents.slice(0, maxNamed).map((template) => template.key);
      const more = dependents.length > maxNamed ? " and others" : "";
      throw new Refusal("conflict", `The template ${key} is the layout of ${named.join(", ")}${more}.`);
    }
    if (await isAwaited(transaction, tenantId, id))
      throw new Refusal("conflict", `Messages that use the template ${key} are scheduled or on their way.`);
    await transaction.template.delete({ where: { tenantId_id: { tenantId, id } } });
  });
}

/** Whether a message that isn't settled pins a version. Those accepted over a minute ago all stand in `schedule`. */
async function isAwaited(transaction: Transaction, tenantId: string, templateId: string): Promise<boolean> {
  const [row] = await transaction.$queryRaw<[{ awaited: boolean }]>`
    SELECT EXISTS (
      SELECT FROM schedule AS s JOIN notification AS n ON n.tenant_id = s.tenant_id AND n.id = s.notification_id
      WHERE s.tenant_id = ${tenantId}::uuid AND n.template_id = ${templateId}::uuid AND n.settled_at IS NULL
    ) OR EXISTS (
      SELECT FROM notification AS n
      WHERE n.tenant_id = ${tenantId}::uuid AND n.id > uuid_at(now() - interval '1 minute')
        AND n.template_id = ${templateId}::uuid AND n.settled_at IS NULL
    ) AS awaited`;
  return row.awaited;
}
