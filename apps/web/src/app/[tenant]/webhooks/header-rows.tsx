"use client";

import { Plus, X } from "lucide-react";
import { Button } from "../../../ui/button";
import { IconButton } from "../../../ui/icon-button";
import { Input } from "../../../ui/input";

/** A header that is sent with every report. */
export interface HeaderRow {
  name: string;
  value: string;
}

/** Headers of one's own, a row each. */
export function HeaderRows({ rows, onChange }: { rows: readonly HeaderRow[]; onChange: (rows: HeaderRow[]) => void }) {
  const change = (index: number, part: Partial<HeaderRow>) =>
    onChange(rows.map((row, place) => (place === index ? { ...row, ...part } : row)));
  return (
    <div className="space-y-2">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names until they are filled in
        <div key={index} className="flex items-center gap-2">
          <Input
            aria-label={`Name of header ${index + 1}`}
            placeholder="authorization"
            value={row.name}
            onChange={(event) => change(index, { name: event.target.value })}
            spellCheck={false}
            autoComplete="off"
          />
          <Input
            aria-label={`Value of header ${index + 1}`}
            placeholder="Bearer …"
            value={row.value}
            onChange={(event) => change(index, { value: event.target.value })}
            spellCheck={false}
            autoComplete="off"
          />
          <IconButton
            label={`Remove header ${index + 1}`}
            icon={<X aria-hidden />}
            onClick={() => onChange(rows.filter((_, place) => place !== index))}
          />
        </div>
      ))}
      <Button size="sm" onClick={() => onChange([...rows, { name: "", value: "" }])}>
        <Plus aria-hidden />
        Add header
      </Button>
    </div>
  );
}
