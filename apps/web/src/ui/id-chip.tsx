"use client";

import { Check, Copy } from "lucide-react";
import { cn } from "./cn";
import { useCopy } from "./use-copy";

/** An id, or another exact text one copies: shortened in the middle, copied with a click. */
export interface IdChipProps {
  id: string;
  /** Characters shown at most; more are cut from the middle. */
  length?: number | undefined;
  className?: string | undefined;
}

export function IdChip({ id, length = 16, className }: IdChipProps) {
  const [state, copy] = useCopy();
  const Icon = state === "copied" ? Check : Copy;
  return (
    <button
      type="button"
      title={id}
      aria-label={state === "copied" ? `Copied ${id}` : `Copy ${id}`}
      onClick={(event) => {
        event.stopPropagation();
        void copy(id);
      }}
      className={cn(
        "group/id relative z-10 -my-0.5 -ml-1 inline-flex h-6 max-w-[calc(100%+0.25rem)] cursor-pointer items-center gap-1 whitespace-nowrap rounded-sm px-1 align-middle font-mono text-ink text-xs hover:bg-sunken",
        className,
      )}
    >
      <span className="truncate">{shortened(id, length)}</span>
      <Icon
        aria-hidden
        className={cn(
          "size-3 shrink-0 text-ink-muted opacity-0 pointer-coarse:opacity-100 group-hover/id:opacity-100 group-focus-visible/id:opacity-100",
          state === "copied" && "text-good opacity-100",
        )}
      />
    </button>
  );
}

/** `ntf_01h455vb4pex5vsknk084sn02q` as `ntf_01h4…4sn02q`: the end tells ids of one moment apart. */
function shortened(id: string, length: number): string {
  if (id.length <= length) return id;
  const head = Math.ceil((length - 1) / 2);
  return `${id.slice(0, head)}…${id.slice(head + 1 - length)}`;
}
