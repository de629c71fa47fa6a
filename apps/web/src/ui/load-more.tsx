"use client";

import { useEffect, useRef } from "react";
import { Button } from "./button";

/** How a list goes on. */
export interface MoreRows {
  load: () => void;
  loading: boolean;
  /** The last try failed: it is not tried again by itself. */
  failed?: boolean | undefined;
}

/** How an infinite query goes on; undefined at its end. */
export function moreOf(list: {
  hasNextPage: boolean;
  fetchNextPage(): unknown;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
}): MoreRows | undefined {
  if (!list.hasNextPage) return undefined;
  return { load: () => void list.fetchNextPage(), loading: list.isFetchingNextPage, failed: list.isFetchNextPageError };
}

/** The end of a list that goes on: loads when it comes into sight, and is a button for those who get here by keyboard. */
export function LoadMore({ load, loading, failed = false }: MoreRows) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    if (loading || failed || !end.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current();
      },
      { rootMargin: "400px" },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [loading, failed]);

  return (
    <div ref={end} className="flex items-center justify-center gap-3 border-line border-t p-2 text-ink-muted text-sm">
      {failed && <span>The rest could not be loaded.</span>}
      <Button variant="ghost" size="sm" busy={loading} onClick={load}>
        {loading ? "Loading more" : failed ? "Try again" : "Load more"}
      </Button>
    </div>
  );
}
