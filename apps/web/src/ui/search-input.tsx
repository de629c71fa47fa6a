"use client";

import { Search, X } from "lucide-react";
import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { cn } from "./cn";
import { Kbd } from "./kbd";
import { useHotkey } from "./use-hotkey";
import { useTypedEarly } from "./use-typed-early";

/** Searches the list below it: `/` goes there, Escape clears. */
export interface SearchInputProps {
  /** What is searched, for screen readers. */
  label: string;
  value: string;
  /** Called 250 ms after the last key, at once with Enter. */
  onValueChange: (value: string) => void;
  placeholder?: string | undefined;
  className?: string | undefined;
}

const waitMs = 250;

export function SearchInput({ label, value, onValueChange, placeholder, className }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const latest = useRef(onValueChange);
  useEffect(() => {
    latest.current = onValueChange;
  });
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => latest.current(typed), waitMs);
    return () => clearTimeout(timer);
  }, [typed, value]);

  const change = (event: ChangeEvent<HTMLInputElement>) => setTyped(event.target.value);
  const ref = useTypedEarly(input, change);

  useHotkey("/", (event) => {
    event.preventDefault();
    input.current?.focus();
    input.current?.select();
  });

  function clear() {
    setTyped("");
    onValueChange("");
    input.current?.focus();
  }

  return (
    <search className={cn("relative block w-full sm:max-w-80", className)}>
      <Search aria-hidden className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-3.5 text-ink-muted" />
      <input
        ref={ref}
        aria-label={label}
        aria-keyshortcuts="/"
        value={typed}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        enterKeyHint="search"
        onChange={change}
        onKeyDown={(event) => {
          if (event.key === "Enter") onValueChange(typed);
          if (event.key === "Escape" && typed !== "") {
            event.stopPropagation();
            clear();
          }
        }}
        className="control peer h-8 truncate pr-8 pl-8 text-sm pointer-coarse:h-10"
      />
      {typed === "" ? (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-1.5 flex items-center peer-focus:hidden pointer-coarse:hidden"
        >
          <Kbd>/</Kbd>
        </span>
      ) : (
        <button
          type="button"
          aria-label="Clear search"
          onClick={clear}
          className="absolute inset-y-0 right-1 my-auto flex size-6 cursor-pointer items-center justify-center rounded-sm text-ink-muted hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </search>
  );
}
