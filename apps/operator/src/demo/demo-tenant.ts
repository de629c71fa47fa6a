import type { SeedRecipient } from "@tidings/db/seed";

const recipient: SeedRecipient = {
  id: "usr_42",
  addresses: { email: "ann@example.com", phone: "+14155550142" },
  locale: "en",
  timeZone: "America/New_York",
  data: { firstName: "Ann" },
  devices: [{ token: "demo-device-of-usr_42", platform: "android" }],
};

/** Whom one may try Tidings with. */
export const demoTenant = { name: "Demo", slug: "demo", recipient };

/** Who signs in to try the console: the tenant's owner, and the operator. */
export const demoPerson = { email: "demo@tidings.local", name: "Demo" };
