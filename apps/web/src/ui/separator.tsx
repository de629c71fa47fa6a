import { cn } from "./cn";

/** A hairline between two matters. */
export function Separator({ className }: { className?: string }) {
  return <hr className={cn("border-line", className)} />;
}
