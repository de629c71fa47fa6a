"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { Segmented } from "./segmented";
import { applyTheme, type Theme } from "./theme";

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
    applyTheme(next);
  }

  return <Segmented label="Theme" options={options} value={theme} onValueChange={choose} className={className} />;
}
