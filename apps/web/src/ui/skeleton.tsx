import { cn } from "./cn";

/** Holds the place of something that is still loading. Give it the size of what will come. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cn("block animate-pulse rounded bg-sunken motion-reduce:animate-none", className)} />
  );
}
