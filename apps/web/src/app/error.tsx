"use client";

import { Button } from "../ui/button";

/** What a page shows when it cannot be drawn. The digest finds the error in the server's log. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-4">
      <div>
        <h1 className="font-semibold text-xl">This page could not be shown</h1>
        <p className="text-ink-muted">
          Something went wrong on our side.
          {error.digest && (
            <>
              {" The server's log knows it as "}
              <code className="font-mono text-ink text-sm">{error.digest}</code>.
            </>
          )}
        </p>
      </div>
      <Button onClick={reset}>Try again</Button>
    </main>
  );
}
