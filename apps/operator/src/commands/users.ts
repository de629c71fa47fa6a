import { writeAudit } from "@tidings/core/audit/write-audit";
import { createUser } from "@tidings/core/team/create-user";
import { createUserBody } from "@tidings/core/team/team-schemas";
import { getTenantBySlug } from "@tidings/core/tenants/get-tenant-by-slug";
import { publicId } from "@tidings/shared/ids";
import { type Role, roles } from "@tidings/shared/roles";
import { commandLine } from "../command-line";
import { operatorCommand } from "../operator-command";
import { readOptions, UsageError } from "../usage-error";

export const usersAdd = operatorCommand({
  name: "users add",
  description: "Make a person who can sign in to the console, and show their password, this once",
  args: {
    email: { type: "positional", required: true, description: "The address they sign in with" },
    name: { type: "string", required: true, description: "What they are called" },
    tenant: { type: "string", valueHint: "slug", description: "A tenant they are in from the start" },
    role: { type: "enum", options: roles, description: "Their role there; owner unless given" },
    operator: { type: "boolean", description: "They see the operator's pages" },
  },
  async run({ tenant: slug, role, ...given }, { database, passwords }) {
    if (role !== undefined && slug === undefined) throw new UsageError("--role belongs to --tenant.");
    const body = readOptions(createUserBody, {
      email: given.email,
      name: given.name,
      operator: given.operator === true,
      role: role as Role | undefined,
    });
    const tenant = slug === undefined ? undefined : await getTenantBySlug(database, slug);
    const { user, password } = await createUser({ database, passwords }, body, tenant?.id);
    const { email, operator } = body;
    const about = { ...commandLine, target: email };
    await writeAudit(database, { ...about, tenantId: null, action: "user.created", after: { operator } });
    if (tenant) {
      const after = { role: body.role };
      await writeAudit(database, { ...about, tenantId: tenant.id, action: "member.joined", after });
    }
    const place = tenant ? `, ${body.role} of ${tenant.slug}` : "";
    const text = [
      `Made ${email}${place}${operator ? ", an operator" : ""}.`,
      `Password  ${password}`,
      "",
      "This is the only time it is shown. They change it under Your account.",
    ].join("\n");
    const data = { id: publicId("user", user.id), email, operator, tenant: tenant?.slug ?? null, password };
    return { data, text };
  },
});
