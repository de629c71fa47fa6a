"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useHotkey } from "../ui/use-hotkey";
import { pages } from "./navigation";
import { useTenant } from "./tenant-context";

/** How long after `g` the letter of a page may come, in ms. */
const patienceMs = 1_000;

/** The keys that work on every page: ⌘K, `?`, and `g` with a page's letter. */
export function useShortcuts({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  const router = useRouter();
  const { can, href } = useTenant();
  const goingSince = useRef(0);

  useHotkey("?", onHelp);
  useHotkey("g", () => {
    goingSince.current = Date.now();
  });

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        onPalette();
      } else if (Date.now() - goingSince.current < patienceMs && event.key !== "g") {
        goingSince.current = 0;
        const page = pages.find(({ letter, action }) => letter === event.key && can(action));
        if (page) {
          event.preventDefault();
          event.stopPropagation(); // `k` would also move a table's row
          router.push(href(page.path));
        }
      }
    }
    document.addEventListener("keydown", onKeyDown, true);
    return () => document.removeEventListener("keydown", onKeyDown, true);
  });
}
