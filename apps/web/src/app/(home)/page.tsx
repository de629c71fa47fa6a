import { ArrowUpRight } from "lucide-react";
import { Suspense } from "react";
import { env } from "../../env";
import { caller, getQueryClient, HydrateClient, trpc } from "../../trpc/server";
import { ButtonLink, buttonStyles } from "../../ui/button";
import { Logo } from "../../ui/logo";
import { Features } from "./features";
import { Outcome } from "./outcome";
import { Pipeline } from "./pipeline";
import { Sample } from "./sample";
import { SystemStatus, SystemStatusSkeleton } from "./system-status";

/** The front door, for somebody who has never heard of Tidings: what it is, how it is used, and the way in. */
export default async function HomePage() {
  const { API_URL, MAILBOX_URL } = env();
  void getQueryClient().prefetchQuery(trpc.status.get.queryOptions()); // streamed: the page does not wait for it
  const isSignedIn = (await (await caller()).account.email()) !== null;

  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-4 sm:px-6">
      <header className="flex h-14 flex-wrap items-center justify-between gap-x-4">
        <span className="flex items-center gap-2 font-semibold text-base">
          <Logo className="size-5" />
          Tidings
        </span>
        <nav aria-label="Elsewhere" className="flex items-center gap-1">
          <span className="hidden gap-1 sm:flex">
            {MAILBOX_URL && <Elsewhere href={MAILBOX_URL}>Mailbox</Elsewhere>}
            <Elsewhere href={`${API_URL}/docs`}>API reference</Elsewhere>
          </span>
          {isSignedIn ? (
            <ButtonLink href="/start" variant="primary">
              Open the console
            </ButtonLink>
          ) : (
            <>
              <ButtonLink href="/sign-in" variant="ghost">
                Sign in
              </ButtonLink>
              <ButtonLink href="/sign-up" variant="primary">
                Sign up
              </ButtonLink>
            </>
          )}
        </nav>
      </header>

      <main className="flex-1 pb-16">
        <section className="grid items-center gap-10 pt-12 sm:pt-20 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
          <div className="min-w-0">
            <h1 className="text-balance font-semibold text-2xl tracking-tight">
              One call in, a delivered message out.
            </h1>
            <p className="mt-4 max-w-prose text-pretty text-ink-muted text-lg">
              Your backend makes one call. Tidings gets the message to the person by email, SMS, WhatsApp, push, in-app,
              chat or webhook, through providers that fail over, and tells you what became of it: every attempt, every
              receipt, and a signed report.
            </p>
            <div className="mt-6 flex flex-wrap gap-2">
              <ButtonLink href={isSignedIn ? "/start" : "/sign-up"} variant="primary" size="lg">
                {isSignedIn ? "Open the console" : "Send a first message"}
              </ButtonLink>
              <a href={`${API_URL}/docs`} className={buttonStyles({ size: "lg" })}>
                Read the API reference
              </a>
            </div>
          </div>
          <Sample apiUrl={API_URL} />
        </section>
        <Pipeline />
        <Outcome />
        <Features />
        <section aria-label="This installation" className="mt-16">
          <HydrateClient>
            <Suspense fallback={<SystemStatusSkeleton />}>
              <SystemStatus />
            </Suspense>
          </HydrateClient>
        </section>
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
