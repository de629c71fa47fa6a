"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";

/** How long the button says that it has copied. */
const shownForMs = 2_000;

const faces = {
  idle: { word: "Copy", icon: Copy },
  copied: { word: "Copied", icon: Check },
  refused: { word: "Press Ctrl+C", icon: Copy },
} as const;

/** Copies `text`. Where the browser does not allow it (no HTTPS, no permission) it says how to do it by hand. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [face, setFace] = useState<keyof typeof faces>("idle");
  useEffect(() => {
    if (face === "idle") return;
    const timer = setTimeout(() => setFace("idle"), shownForMs);
    return () => clearTimeout(timer);
  }, [face]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setFace("copied");
    } catch {
      setFace("refused");
    }
  }

  const { word, icon: Icon } = faces[face];
  return (
    <Button look="quiet" size="small" aria-label={face === "idle" ? label : undefined} onClick={copy}>
      <Icon aria-hidden />
      <span aria-live="polite">{word}</span>
    </Button>
  );
}
