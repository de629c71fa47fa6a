"use client";

import { useSyncExternalStore } from "react";

const nameOf = (slug: string) => `tidings-first-key-${slug}`;

/** Keeps a new tenant's test key for this tab, so that its first page can show a curl line that works. */
export function rememberFirstKey(slug: string, key: string): void {
  sessionStorage.setItem(nameOf(slug), key);
}

/** The test key that was made with the tenant, as long as this tab lives; null otherwise. */
export function useFirstKey(slug: string): string | null {
  return useSyncExternalStore(
    () => () => {},
    () => sessionStorage.getItem(nameOf(slug)),
    () => null,
  );
}
