"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Segmented } from "./segmented";
import { type Theme, themeCookie } from "./theme";

const yearS = 31_536_000;

const options = [
  { value: "system", label: <span className="sr-only">System</span>, icon: <Monitor aria-hidden /> },
  { value: "light", label: <span className="sr-only">Light</span>, icon: <Sun aria-hidden /> },
  { value: "dark", label: <span className="sr-only">Dark</span>, icon: <Moon aria-hidden /> },
] as const;

/** Light, dark, or as the device has it; kept in a cookie, so that the server draws it so at once. */
export function ThemeToggle({ theme: initial, className }: { theme: Theme; className?: string }) {
  const [theme, setTheme] = useState(initial);

  function choose(next: Theme) {
    setTheme(next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    const maxAgeS = next === "system" ? 0 : yearS;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is only there over HTTPS
    document.cookie = `${themeCookie}=${next}; path=/; max-age=${maxAgeS}; samesite=lax`;
  }

  return <Segmented label="Theme" options={options} value={theme} onValueChange={choose} className={className} />;
}
