"use client";

import type { Mode } from "@tidings/shared/modes";
import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Segmented } from "../ui/segmented";
import { modeCookie } from "./mode";
import { useTenant } from "./tenant-context";

const yearS = 31_536_000;
const options = [
  { value: "test", label: "Test" },
  { value: "live", label: "Live" },
] as const;

/** Shows the other of the tenant's two worlds from now on. */
export function useModeSwitch() {
  const router = useRouter();
  const [, startTransition] = useTransition();
  return (next: Mode) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is only there over HTTPS
    document.cookie = `${modeCookie}=${next}; path=/; max-age=${yearS}; samesite=lax`;
    startTransition(() => router.refresh());
  };
}

/** Which of the tenant's two worlds the pages show. */
export function ModeSwitch() {
  const { mode } = useTenant();
  const choose = useModeSwitch();
  return <Segmented label="Mode" options={options} value={mode} onValueChange={choose} />;
}
