import { Refusal } from "@tidings/shared/refusals";
import type Stripe from "stripe";
import type { Page, PageRequest } from "../page";
import type { PublicInvoice } from "./billing-schemas";
import type { Billing } from "./create-billing";
import { askStripe, isMissing } from "./stripe-errors";

/**
 * A page of a tenant's invoices, the newest first.
 * @param page `after`: id of the last invoice of the page before, by `readPage` of kind `text`
 * @throws {Refusal} `invalid_cursor`, `unavailable`
 */
export async function listInvoices(
  { stripe, database }: Billing,
  tenantId: string,
  { limit, after }: PageRequest,
): Promise<Page<PublicInvoice>> {
  const row = await database.subscription.findUnique({ where: { tenantId }, select: { customerId: true } });
  if (!row) return { rows: [], hasMore: false };
  const params = { customer: row.customerId, limit, ...(after !== undefined && { starting_after: after }) };
  const page = await askStripe(() => stripe.invoices.list(params)).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new Refusal("invalid_cursor", "Use nextCursor of the page before, as it is.", { cause: error });
  });
  return { rows: page.data.map(presentInvoice), hasMore: page.has_more };
}

const statuses = ["open", "paid", "uncollectible", "void"] as const;

function presentInvoice(invoice: Stripe.Invoice): PublicInvoice {
  return {
    id: invoice.id,
    number: invoice.number,
    status: statuses.find((each) => each === invoice.status) ?? "draft",
    total: invoice.total,
    amountDue: invoice.amount_remaining,
    currency: invoice.currency,
    createdAt: isoOf(invoice.created),
    period: { startsAt: isoOf(invoice.period_start), endsAt: isoOf(invoice.period_end) },
    url: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
  };
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
