"use client";

import { ErrorState } from "../../ui/error-state";

/** A page of a tenant that cannot be drawn: the frame around it stays, so that one can go elsewhere. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <ErrorState title="This page could not be shown" error={null} onRetry={reset}>
      {error.digest && (
        <p className="text-ink-muted text-sm">
          The server's log knows it as <code className="font-mono text-ink">{error.digest}</code>.
        </p>
      )}
    </ErrorState>
  );
}
