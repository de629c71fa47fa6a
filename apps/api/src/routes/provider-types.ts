import { publicProviderType, tenantProviders } from "@tidings/core/providers/accounts/account-schemas";
import { presentProviderType } from "@tidings/core/providers/settings/present-provider-type";
import { z } from "zod";
import { defineRoute } from "../route";

export const providerTypeRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/provider-types",
    operationId: "listProviderTypes",
    tag: "Provider accounts",
    summary: "List the providers that accounts can be made at",
    description: "Each with what it can do, and the JSON schema of its settings, which a form can be drawn from.",
    scope: "read",
    status: 200,
    response: z.object({ data: z.array(publicProviderType) }).meta({ id: "ProviderTypes" }),
    async handle() {
      return { data: [...tenantProviders.values()].map(presentProviderType) };
    },
  }),
];
