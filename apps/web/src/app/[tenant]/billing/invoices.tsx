"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { ExternalLink, FileDown, ReceiptText } from "lucide-react";
import { useTenant } from "../../../shell/tenant-context";
import type { Answers } from "../../../trpc/answers";
import { useTRPC } from "../../../trpc/client";
import { nextPage } from "../../../trpc/next-page";
import { buttonStyles } from "../../../ui/button";
import { type DataColumn, DataTable } from "../../../ui/data-table";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorState } from "../../../ui/error-state";
import { formatMoney } from "../../../ui/format-number";
import { moreOf } from "../../../ui/load-more";
import { Section } from "../../../ui/section";
import { Status } from "../../../ui/status";
import { longDay } from "../long-day";

type Invoice = Answers["billing"]["invoices"]["data"][number];

const statuses = {
  draft: { tone: "neutral", word: "Draft" },
  open: { tone: "warn", word: "Open" },
  paid: { tone: "good", word: "Paid" },
  uncollectible: { tone: "bad", word: "Not paid" },
  void: { tone: "neutral", word: "Void" },
} as const;

/** What was billed, the newest first, as Stripe has it. */
export function Invoices() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const list = useInfiniteQuery(trpc.billing.invoices.infiniteQueryOptions({ ...tenant.input, limit: 12 }, nextPage));
  return (
    <Section title="Invoices">
      {list.isError && !list.data ? (
        <ErrorState title="The invoices could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Invoices"
          columns={columns}
          rows={list.data?.pages.flatMap((page) => page.data)}
          rowId={({ id }) => id}
          renderCard={(invoice) => (
            <div className="space-y-1">
              <div className="flex items-start justify-between gap-3">
                <span className="font-medium">{longDay(invoice.createdAt)}</span>
                <span>{formatMoney(invoice.total, invoice.currency)}</span>
              </div>
              <div className="flex items-center justify-between gap-3">
                <InvoiceStatus invoice={invoice} />
                <InvoiceLinks invoice={invoice} />
              </div>
            </div>
          )}
          empty={
            <EmptyState icon={<ReceiptText />} title="No invoice yet">
              The first comes with the first payment.
            </EmptyState>
          }
          more={moreOf(list)}
        />
      )}
    </Section>
  );
}

const columns: readonly DataColumn<Invoice>[] = [
  { key: "date", header: "Date", width: "w-44", cell: ({ createdAt }) => longDay(createdAt) },
  {
    key: "number",
    header: "Number",
    cell: ({ number }) => <span className="font-mono text-sm">{number ?? "—"}</span>,
  },
  { key: "status", header: "Status", width: "w-28", cell: (invoice) => <InvoiceStatus invoice={invoice} /> },
  {
    key: "total",
    header: "Total",
    width: "w-32",
    align: "end",
    cell: ({ total, currency }) => formatMoney(total, currency),
  },
  {
    key: "links",
    header: <span className="sr-only">Links</span>,
    width: "w-40",
    align: "end",
    cell: (invoice) => <InvoiceLinks invoice={invoice} />,
  },
];

function InvoiceStatus({ invoice: { status } }: { invoice: Invoice }) {
  return <Status tone={statuses[status].tone}>{statuses[status].word}</Status>;
}

function InvoiceLinks({ invoice: { number, url, pdfUrl, status } }: { invoice: Invoice }) {
  return (
    <span className="relative z-10 inline-flex gap-1">
      {url && (
        <a
          className={buttonStyles({ size: "sm" })}
          href={url}
          target="_blank"
          rel="noreferrer"
          aria-label={`${status === "open" ? "Pay" : "See"} the invoice ${number ?? ""}`}
        >
          {status === "open" ? "Pay" : "See"}
          <ExternalLink aria-hidden />
        </a>
      )}
      {pdfUrl && (
        <a
          className={buttonStyles({ size: "sm" })}
          href={pdfUrl}
          rel="noreferrer"
          aria-label={`The invoice ${number ?? ""} as PDF`}
        >
          PDF
          <FileDown aria-hidden />
        </a>
      )}
    </span>
  );
}
