import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

/** A bordered surface. */
export function Card({ className, ...props }: ComponentProps<"div">) {
  return <div {...props} className={cn("overflow-hidden rounded-lg border border-line bg-surface", className)} />;
}

/** The card's title on the left, what belongs to the whole card on the right. */
export function CardHeader({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex min-h-12 items-center justify-between gap-3 border-line border-b px-4 py-2">
      <h2 className="font-medium text-base">{title}</h2>
      {children}
    </div>
  );
}

/** What is in the card, with its usual distance from the edge. */
export function CardBody({ className, ...props }: ComponentProps<"div">) {
  return <div {...props} className={cn("p-4", className)} />;
}
