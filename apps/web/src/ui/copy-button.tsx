"use client";

import { Check, Copy } from "lucide-react";
import { Button, type ButtonLook } from "./button";
import { useCopy } from "./use-copy";

const faces = {
  idle: { word: "Copy", icon: Copy },
  copied: { word: "Copied", icon: Check },
  refused: { word: "Press Ctrl+C", icon: Copy },
} as const;

/** Copies `text`. Where the browser does not allow it (no HTTPS, no permission) it says how to do it by hand. */
export function CopyButton({ text, label, variant = "ghost" }: { text: string; label: string } & ButtonLook) {
  const [state, copy] = useCopy();
  const { word, icon: Icon } = faces[state];
  return (
    <Button variant={variant} size="sm" aria-label={state === "idle" ? label : undefined} onClick={() => copy(text)}>
      <Icon aria-hidden />
      <span aria-live="polite">{word}</span>
    </Button>
  );
}
