"use client";

import { CircleX, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { failureOf } from "./failure";
import { RequestId } from "./request-id";

/** Something could not be loaded: what happened, the request's id, and what to do. */
export interface ErrorStateProps {
  /** What could not be done: `The messages could not be loaded`. */
  title?: string | undefined;
  /** What was thrown. */
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** What else to do. */
  children?: ReactNode;
  className?: string | undefined;
}

export function ErrorState({
  title = "This could not be loaded",
  error,
  onRetry,
  children,
  className,
}: ErrorStateProps) {
  const { message, requestId } = failureOf(error);
  return (
    <div
      role="alert"
      className={cn("mx-auto flex max-w-xl flex-col items-center gap-3 px-4 py-12 text-center", className)}
    >
      <CircleX aria-hidden className="size-6 text-bad" />
      <div>
        <p className="font-medium text-lg">{title}</p>
        <p className="wrap-anywhere mt-1 text-pretty text-ink-muted">{message}</p>
      </div>
      {requestId && <RequestId id={requestId} />}
      {children}
      {onRetry && (
        <Button onClick={onRetry}>
          <RotateCw aria-hidden />
          Try again
        </Button>
      )}
    </div>
  );
}
