"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { Checkbox } from "./checkbox";

/** Rows of a list that somebody has ticked, to do one thing with all of them. */
interface RowChoice {
  /** Ids of the rows that are ticked and still there, in the list's order. */
  chosen: readonly string[];
  clear: () => void;
}

interface Ticks {
  ids: readonly string[];
  chosen: ReadonlySet<string>;
  set: (ids: readonly string[], ticked: boolean) => void;
}

const TicksContext = createContext<Ticks | null>(null);

/** Keeps the ticks of the {@link ChooseRow}s within. @param ids of the rows that are loaded */
export function RowChoices({ ids, children }: { ids: readonly string[]; children: (choice: RowChoice) => ReactNode }) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(() => ids.filter((id) => ticked.has(id)), [ids, ticked]);
  const ticks = useMemo<Ticks>(
    () => ({
      ids,
      chosen: new Set(chosen),
      set: (changed, on) =>
        setTicked(new Set([...chosen.filter((id) => !changed.includes(id)), ...(on ? changed : [])])),
    }),
    [ids, chosen],
  );
  return <TicksContext value={ticks}>{children({ chosen, clear: () => setTicked(new Set()) })}</TicksContext>;
}

/** The box of one row. */
export function ChooseRow({ id, label }: { id: string; label: string }) {
  const ticks = useContext(TicksContext);
  return (
    <Checkbox
      aria-label={label}
      checked={ticks?.chosen.has(id) ?? false}
      onCheckedChange={(on) => ticks?.set([id], on)}
    />
  );
}

/** The box of all rows that are loaded. */
export function ChooseAllRows({ label }: { label: string }) {
  const ticks = useContext(TicksContext);
  const { ids, chosen } = ticks ?? { ids: [], chosen: new Set() };
  return (
    <Checkbox
      aria-label={label}
      checked={ids.length > 0 && chosen.size === ids.length}
      ref={(box) => {
        if (box) box.indeterminate = chosen.size > 0 && chosen.size < ids.length;
      }}
      onCheckedChange={(on) => ticks?.set(ids, on)}
    />
  );
}
