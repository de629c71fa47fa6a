import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { createLogger } from "@tidings/runtime/logger";
import type { HttpFake } from "@tidings/tests/fakes/http-fake";
import {
  createStripeFake,
  type StripeProtocol,
  stripeCall,
  stripeKey,
  stripeWebhookSecret,
} from "@tidings/tests/fakes/stripe-fake";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { TeamMessage } from "../../tenants/notify-team";
import { applyStripeEvents } from "../apply-stripe-events";
import type { StripeBilling } from "../billing-schemas";
import { connectStripe, type StripeClient } from "../connect-stripe";
import { type Billing, createBilling } from "../create-billing";
import { customerOf } from "../customer-of";
import { describeBilling } from "../describe-billing";
import { setUpPrices } from "../set-up-prices";
import { startCheckout } from "../start-checkout";
import { createStripeDoor, type StripeDoor } from "../stripe-door";

/** When each test begins, by Tidings' clock and Stripe's. */
export const start = Date.parse("2026-11-10T09:00:00Z");
/** In milliseconds. */
export const minute = 60_000;
/** In milliseconds. */
export const day = 24 * 60 * minute;

/** What a test of billing works with; the tenant and what was told to its team are each test's own. */
export interface BillingStage {
  database: Database;
  fake: StripeProtocol & HttpFake;
  stripe: StripeClient;
  billing: Billing;
  door: StripeDoor;
  /** Mails to teams. */
  told: (TeamMessage & { tenantId: string })[];
  tenantId: string;
  slug: string;
  /** The time, Tidings' and Stripe's. */
  clockMs: number;
}

/** A Stripe that takes no money, with prices, and before each test a tenant of plan free. */
export function useTestBilling() {
  const at = {} as BillingStage;
  const logger = createLogger({ name: "test", level: "silent" });

  /** Goes on with another tenant. */
  async function anotherTenant(contactEmail?: string): Promise<void> {
    const tenant = await createTestTenant(at.database, { plan: "free", ...(contactEmail && { contactEmail }) });
    at.tenantId = tenant.id;
    at.slug = tenant.slug;
  }

  beforeAll(async () => {
    at.database = openDatabase({ url: await createTestDatabase(), poolSize: 6, applicationName: "test" });
    at.fake = await createStripeFake({ now: () => at.clockMs });
    const client = connectStripe({ STRIPE_SECRET_KEY: stripeKey, STRIPE_API_URL: at.fake.url });
    if (!client) throw new Error("no client");
    at.clockMs = start;
    at.stripe = client;
    await setUpPrices(client);
  });
  afterAll(async () => {
    await at.fake?.close();
    await at.database?.$disconnect();
  });
  beforeEach(async () => {
    at.clockMs = start;
    at.told = [];
    at.fake.setCard(true);
    at.fake.script.clear();
    const notifyTeam: Billing["notifyTeam"] = async (id, message) => {
      const isKnown = at.told.some(({ key }) => key === message.key);
      if (!isKnown) at.told.push({ tenantId: id, ...message });
      return true;
    };
    const made = createBilling({
      stripe: at.stripe,
      database: at.database,
      consoleUrl: "https://console.test",
      notifyTeam,
      logger,
      now: () => at.clockMs,
    });
    const opened = createStripeDoor({ database: at.database, secret: stripeWebhookSecret, logger });
    if (!made || !opened) throw new Error("no billing");
    at.billing = made;
    at.door = opened;
    await anotherTenant("team@acme.test");
  });

  const planOfTenant = async (id = at.tenantId) => (await at.database.tenant.findUniqueOrThrow({ where: { id } })).plan;
  const describeIt = (id = at.tenantId) => describeBilling(at.database, at.billing, id) as Promise<StripeBilling>;
  const customer = (id = at.tenantId) => customerOf(at.billing, id);

  /** Takes an event as Stripe posts it. */
  function take(event: StripeProtocol["events"][number], atMs = Date.now(), secret = stripeWebhookSecret) {
    const call = stripeCall(event, secret, { atMs });
    return at.door.take(call.body, call.headers["stripe-signature"] ?? "");
  }
  /** Takes and applies all that Stripe has to tell of since `from`. */
  async function hear(from: number): Promise<void> {
    for (const event of at.fake.events.slice(from)) await take(event);
    await applyStripeEvents(at.billing);
  }
  /** Something happens at Stripe, and is told. */
  async function happens(what: (customerId: string) => void): Promise<void> {
    const from = at.fake.events.length;
    what(await customer());
    await hear(from);
  }
  async function subscribe(plan: "starter" | "growth", id = at.tenantId): Promise<void> {
    const from = at.fake.events.length;
    const { url } = await startCheckout(at.billing, id, { plan });
    at.fake.pay(url);
    await hear(from);
  }
  /** Counts units as sent. */
  async function send(
    units: number,
    { day = "2026-11-10", channel = "email", mode = "live", id = at.tenantId, category = "" } = {},
  ) {
    const where = { tenantId: id, day: new Date(day), mode, channel, provider: "smtp", category };
    await at.database.usage.upsert({
      where: { tenantId_day_mode_channel_provider_category: where },
      create: { ...where, accepted: units, sent: units, units },
      update: { units: { increment: units } },
    });
  }
  /** Moves time, Tidings' and Stripe's. */
  function wait(ms: number): void {
    at.clockMs += ms;
  }

  return { at, logger, anotherTenant, planOfTenant, describeIt, customer, take, hear, happens, subscribe, send, wait };
}
