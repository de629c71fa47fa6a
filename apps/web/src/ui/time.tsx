"use client";

import { useEffect, useState } from "react";

const everyMs = 15_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all times of the page. */
function onTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const listen of listeners) listen();
  }, everyMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const exact = { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" } as const;
const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
const dayOfYear = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** When something was or will be: relative, the exact time of the reader's zone on hover. */
export interface RelativeTimeProps {
  at: Date | string | number;
  className?: string | undefined;
}

export function RelativeTime({ at, className }: RelativeTimeProps) {
  const date = new Date(at);
  const [now, setNow] = useState(() => Date.now());
  const [title, setTitle] = useState<string>(); // the server does not know the reader's zone
  const time = date.getTime();
  useEffect(() => {
    setTitle(new Date(time).toLocaleString("en", exact));
    setNow(Date.now());
    return onTick(() => setNow(Date.now()));
  }, [time]);
  return (
    <time dateTime={date.toISOString()} title={title} suppressHydrationWarning className={className}>
      {relative(time, now)}
    </time>
  );
}

/** A moment to the second, in the reader's zone; until the page runs, in UTC. Where the order of things matters. */
export function ExactTime({ at, className }: RelativeTimeProps) {
  const date = new Date(at);
  const [text, setText] = useState(() => date.toLocaleString("en", { ...exact, timeZone: "UTC" }));
  const time = date.getTime();
  useEffect(() => setText(new Date(time).toLocaleString("en", exact)), [time]);
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()} suppressHydrationWarning className={className}>
      {text}
    </time>
  );
}

const units = [
  { word: "s", ms: 1_000 },
  { word: "min", ms: 60_000 },
  { word: "h", ms: 3_600_000 },
  { word: "d", ms: 86_400_000 },
] as const;

/** `now`, `12 s ago`, `in 3 h`; from a week on the day. */
export function relative(at: number, now: number): string {
  const apartMs = Math.abs(now - at);
  if (apartMs < 5_000) return "now";
  if (apartMs >= 7 * 86_400_000) return (apartMs < 300 * 86_400_000 ? day : dayOfYear).format(at);
  const unit = units.findLast(({ ms }) => apartMs >= ms) ?? units[0];
  const text = `${Math.floor(apartMs / unit.ms)} ${unit.word}`;
  return at < now ? `${text} ago` : `in ${text}`;
}
