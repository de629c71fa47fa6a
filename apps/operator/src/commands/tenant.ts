import { createTenant } from "@tidings/core/tenants/create-tenant";
import { listTenants } from "@tidings/core/tenants/list-tenants";
import { presentTenant } from "@tidings/core/tenants/present-tenant";
import { createTenantBody } from "@tidings/core/tenants/tenant-schemas";
import { everyPage } from "../every-page";
import { operatorCommand } from "../operator-command";
import { shortTime, table } from "../table";
import { readOptions } from "../usage-error";

export const tenantCreate = operatorCommand({
  name: "tenant create",
  description: "Make a tenant",
  args: {
    name: { type: "string", required: true, description: "For people" },
    slug: { type: "string", description: "For commands and addresses; made from the name unless given" },
  },
  async run({ name, slug }, { database }) {
    const tenant = presentTenant(await createTenant(database, readOptions(createTenantBody, { name, slug })));
    const next = `Next: key create --tenant ${tenant.slug} --name "First key"`;
    return { data: tenant, text: `Made tenant ${tenant.slug} (${tenant.id}).\n${next}` };
  },
});

export const tenantList = operatorCommand({
  name: "tenant list",
  description: "List all tenants, oldest first",
  args: {},
  async run(_args, { database }) {
    const tenants = (await everyPage((page) => listTenants(database, page))).map(presentTenant);
    const rows = tenants.map(({ slug, name, id, createdAt }) => [slug, name, id, shortTime(createdAt)]);
    return { data: tenants, text: table(["slug", "name", "id", "created"], rows, "There are no tenants yet.") };
  },
});
