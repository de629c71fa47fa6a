"use client";

import { useEffect, useState } from "react";

/** How long it says that it has copied. */
const shownForMs = 2_000;

/** Copies to the clipboard and tells for two seconds how that went; `refused` without HTTPS or permission. */
export function useCopy(): ["idle" | "copied" | "refused", (text: string) => Promise<void>] {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), shownForMs);
    return () => clearTimeout(timer);
  }, [state]);

  async function copy(text: string) {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("refused");
    }
  }
  return [state, copy];
}
