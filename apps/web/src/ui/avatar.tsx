import { cn } from "./cn";

/** A person or tenant by their initials; decoration beside the name. */
export function Avatar({ name, className }: { name: string; className?: string }) {
  const words = name
    .trim()
    .split(/[\s@._-]+/u)
    .filter(Boolean);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex size-6 shrink-0 select-none items-center justify-center rounded-full border border-line-strong bg-sunken font-medium text-ink-muted text-xs uppercase leading-none",
        className,
      )}
    >
      {initials.join("")}
    </span>
  );
}
