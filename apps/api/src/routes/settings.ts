import { getTenantSettings } from "@tidings/core/tenants/get-tenant-settings";
import { tenantSettings, updateTenantSettingsBody } from "@tidings/core/tenants/tenant-schemas";
import { updateTenant } from "@tidings/core/tenants/update-tenant";
import { defineRoute } from "../route";

const tag = "Settings";
const response = tenantSettings.meta({ id: "Settings" });

export const settingRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/settings",
    operationId: "getSettings",
    tag,
    summary: "What holds for all messages of the tenant",
    scope: "manage",
    status: 200,
    response,
    async handle({ deps, principal }) {
      return await getTenantSettings(deps.database, principal.tenantId);
    },
  }),

  defineRoute({
    method: "PATCH",
    path: "/v1/settings",
    operationId: "updateSettings",
    tag,
    summary: "Change what holds for all messages of the tenant",
    description:
      "What is absent stays. Both modes share the settings; only live emails are tracked, from the next attempt on. Where the law asks for people's consent, ask first.",
    scope: "manage",
    body: updateTenantSettingsBody.meta({ id: "SettingsUpdate", example: { tracksOpens: true } }),
    status: 200,
    response,
    async handle({ deps, principal }, { body }) {
      const { tracksOpens, tracksClicks } = await updateTenant(deps.database, principal.tenantId, body);
      return { tracksOpens, tracksClicks };
    },
  }),
];
