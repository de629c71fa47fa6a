"use client";

import { useEffect } from "react";
import type {} from "./hold-early-clicks";

/** Repeats the last click that `HoldEarlyClicks` kept: the last of a page, so that all before it can answer by then. */
export function RepeatEarlyClick() {
  useEffect(() => {
    const clicked = window.endEarlyClicks?.();
    delete window.endEarlyClicks;
    if (clicked?.isConnected) clicked.click();
  }, []);
  return null;
}
