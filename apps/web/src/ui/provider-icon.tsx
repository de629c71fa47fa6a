import { cn } from "./cn";

/** A provider by two letters of its name; decoration beside the name. */
export function ProviderIcon({ name, className }: { name: string; className?: string }) {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters =
    words.length > 1
      ? words
          .slice(0, 2)
          .map((word) => word[0])
          .join("")
      : name.slice(0, 2);
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex size-7 shrink-0 select-none items-center justify-center rounded-md border border-line-strong bg-sunken font-mono text-ink-muted text-xs uppercase leading-none",
        className,
      )}
    >
      {letters}
    </span>
  );
}
