import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

/** A few things to do in order, such as a first-time checklist. */
export interface StepsProps {
  label: string;
  steps: readonly { key: string; title: ReactNode; done: boolean; children?: ReactNode }[];
}

export function Steps({ label, steps }: StepsProps) {
  const current = steps.findIndex(({ done }) => !done);
  return (
    <ol aria-label={label} className="divide-y divide-line">
      {steps.map(({ key, title, done, children }, index) => (
        <li key={key} aria-current={index === current ? "step" : undefined} className="flex gap-3 py-3">
          <span
            aria-hidden
            className={cn(
              "flex size-5 shrink-0 items-center justify-center rounded-full border text-xs",
              done ? "border-transparent bg-good-soft text-good" : "border-line-strong text-ink-muted",
              index === current && "border-ink text-ink",
            )}
          >
            {done ? <Check className="size-3" strokeWidth={3} /> : index + 1}
          </span>
          <div className="min-w-0 flex-1">
            <p className={cn("font-medium", done && "text-ink-muted")}>
              {title}
              {done && <span className="sr-only"> (done)</span>}
            </p>
            {index === current && children && <div className="mt-2">{children}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
