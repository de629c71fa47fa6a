import { cn } from "./cn";

/** Holds the place of something that is still loading. Give it the size of what will come. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden data-skeleton className={cn("block animate-pulse rounded-sm bg-sunken", className)} />;
}

/** A form that is still loading: its fields, each below its label. */
export function SkeletonFields({ fields }: { fields: number }) {
  return (
    <div aria-hidden className="space-y-5">
      {Array.from({ length: fields }, (_, field) => field).map((field) => (
        <div key={field} className="space-y-1.5">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="h-8" />
        </div>
      ))}
    </div>
  );
}

/** Rows of a list or of facts that are still loading, in the heights they will have. */
export function SkeletonRows({ rows = 6, className }: { rows?: number; className?: string }) {
  return (
    <div aria-hidden className={cn("divide-y divide-line", className)}>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex h-9 items-center justify-between gap-6">
          <Skeleton className={cn("h-3", ["w-2/5", "w-1/3", "w-1/2"][row % 3])} />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
