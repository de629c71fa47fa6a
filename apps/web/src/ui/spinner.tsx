import { LoaderCircle } from "lucide-react";
import { cn } from "./cn";

/** Something is under way. Decoration: say in words what is. */
export function Spinner({ className }: { className?: string | undefined }) {
  return <LoaderCircle aria-hidden className={cn("size-4 shrink-0 animate-spin", className)} />;
}
