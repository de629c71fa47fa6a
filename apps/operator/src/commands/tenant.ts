import { createTenant } from "@tidings/core/tenants/create-tenant";
import { getTenantBySlug } from "@tidings/core/tenants/get-tenant-by-slug";
import { listTenants } from "@tidings/core/tenants/list-tenants";
import { presentTenant } from "@tidings/core/tenants/present-tenant";
import { createTenantBody, updateTenantBody } from "@tidings/core/tenants/tenant-schemas";
import { updateTenant } from "@tidings/core/tenants/update-tenant";
import { planIds } from "@tidings/shared/plans";
import type { z } from "zod";
import { everyPage } from "../every-page";
import { operatorCommand } from "../operator-command";
import { shortTime, table } from "../table";
import { readOptions, UsageError } from "../usage-error";
import { tenantOption } from "./tenant-option";

const planOption = { type: "string", description: `One of ${planIds.join(", ")}` } as const;

const onOff = { type: "enum" as const, options: ["on", "off"] };
const isOn = (given: string | undefined) => given && given === "on";

export const tenantCreate = operatorCommand({
  name: "tenant create",
  description: "Make a tenant",
  args: {
    name: { type: "string", required: true, description: "For people" },
    slug: { type: "string", description: "For commands and addresses; made from the name unless given" },
    plan: planOption,
    "contact-email": { type: "string", description: "Where its team is told of quotas and endpoints" },
  },
  async run({ name, slug, plan, "contact-email": contactEmail }, { database }) {
    const wanted = { name, slug, plan, contactEmail } as z.input<typeof createTenantBody>;
    const tenant = presentTenant(await createTenant(database, readOptions(createTenantBody, wanted)));
    const next = `Next: key create --tenant ${tenant.slug} --name "First key"`;
    return { data: tenant, text: `Made tenant ${tenant.slug} (${tenant.id}).\n${next}` };
  },
});

export const tenantUpdate = operatorCommand({
  name: "tenant update",
  description: "Change a tenant's name, plan, address, or whose provider accounts it uses",
  args: {
    ...tenantOption,
    name: { type: "string", description: "For people" },
    plan: planOption,
    "contact-email": { type: "string", description: 'Where its team is told of quotas and endpoints; "" removes it' },
    "platform-accounts": {
      ...onOff,
      description: "Whether the platform's provider accounts serve it where it has none of its own",
    },
    "track-opens": { ...onOff, description: "Whether its live emails tell of being opened" },
    "track-clicks": { ...onOff, description: "Whether links in its live emails tell of clicks" },
  },
  async run({ tenant: slug, name, plan, ...given }, { database }) {
    const wanted = {
      name,
      plan,
      contactEmail: given["contact-email"] === "" ? null : given["contact-email"],
      usesPlatformAccounts: isOn(given["platform-accounts"]),
      tracksOpens: isOn(given["track-opens"]),
      tracksClicks: isOn(given["track-clicks"]),
    } as z.input<typeof updateTenantBody>;
    if (Object.values(wanted).every((value) => value === undefined)) {
      throw new UsageError(
        "Give one of --name, --plan, --contact-email, --platform-accounts, --track-opens, --track-clicks.",
      );
    }
    const { id } = await getTenantBySlug(database, slug);
    const tenant = presentTenant(await updateTenant(database, id, readOptions(updateTenantBody, wanted)));
    const told = tenant.contactEmail === null ? "nobody is told of its quotas" : `${tenant.contactEmail} is told`;
    const lent = tenant.usesPlatformAccounts ? "" : " It has its own provider accounts alone.";
    return { data: tenant, text: `Tenant ${tenant.slug} (${tenant.name}) is on plan ${tenant.plan}; ${told}.${lent}` };
  },
});

export const tenantList = operatorCommand({
  name: "tenant list",
  description: "List all tenants, oldest first",
  args: {},
  async run(_args, { database }) {
    const tenants = (await everyPage((page) => listTenants(database, page))).map(presentTenant);
    const rows = tenants.map(({ slug, name, id, plan, createdAt }) => [slug, name, id, plan, shortTime(createdAt)]);
    return { data: tenants, text: table(["slug", "name", "id", "plan", "created"], rows, "There are no tenants yet.") };
  },
});
