/** Of every command that is about one tenant. */
export const tenantOption = {
  tenant: { type: "string", required: true, valueHint: "slug", description: "The tenant's slug" },
} as const;
