import { ArrowUpRight } from "lucide-react";
import { Suspense } from "react";
import { env } from "../../env";
import { getQueryClient, HydrateClient, trpc } from "../../trpc/server";
import { buttonStyles } from "../../ui/button";
import { Logo } from "../../ui/logo";
import { FirstMessage } from "./first-message";
import { Pipeline } from "./pipeline";
import { SystemStatus, SystemStatusSkeleton } from "./system-status";

/** The landing page: what this is, whether all of it runs, and the first message. */
export default function HomePage() {
  const { API_URL, MAILBOX_URL } = env();
  void getQueryClient().prefetchQuery(trpc.status.get.queryOptions()); // streamed: the page does not wait for it

  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 sm:px-6">
      <header className="flex h-14 items-center justify-between">
        <span className="flex items-center gap-2 font-semibold text-base">
          <Logo className="size-5" />
          Tidings
        </span>
        <nav aria-label="Elsewhere" className="-mr-3 flex gap-1">
          {MAILBOX_URL && <Elsewhere href={MAILBOX_URL}>Mailbox</Elsewhere>}
          <Elsewhere href={`${API_URL}/docs`}>API reference</Elsewhere>
        </nav>
      </header>

      <main className="flex-1 pt-10 pb-16 sm:pt-16">
        <div className="grid items-start gap-10 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <div className="min-w-0">
            <h1 className="text-balance font-semibold text-2xl tracking-tight">
              One call in, a delivered message out.
            </h1>
            <p className="mt-3 max-w-prose text-pretty text-ink-muted text-lg">
              Tidings takes one API call and gets the message to the person, by email, SMS, WhatsApp, push, in-app or
              webhook, with a record of every attempt.
            </p>
            <FirstMessage apiUrl={API_URL} mailboxUrl={MAILBOX_URL} />
          </div>
          <HydrateClient>
            <Suspense fallback={<SystemStatusSkeleton />}>
              <SystemStatus />
            </Suspense>
          </HydrateClient>
        </div>
        <Pipeline />
      </main>

      <footer className="flex flex-wrap justify-between gap-x-6 gap-y-1 border-line border-t py-6 text-ink-muted text-sm">
        <span>Open source under Apache-2.0</span>
        <a className="underline underline-offset-4 hover:text-ink" href={`${API_URL}/openapi.json`}>
          OpenAPI 3.1 document
        </a>
      </footer>
    </div>
  );
}

function Elsewhere({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} className={buttonStyles({ variant: "ghost" })}>
      {children}
      <ArrowUpRight aria-hidden />
    </a>
  );
}
