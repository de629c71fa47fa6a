"use client";

import { useEffect, useState } from "react";
import { Field, type FieldProps } from "../../../../ui/field";
import { CodeEditor } from "../code-editor";
import { canonical } from "../template-words";

type Json = Record<string, unknown>;

/** An object written as JSON. While it is none, nothing is handed on, and that is said. */
export interface JsonFieldProps extends Omit<FieldProps, "children"> {
  /** For screen readers. */
  name: string;
  value: Json | undefined;
  /** Undefined when the field is emptied. */
  onValueChange: (value: Json | undefined) => void;
  readOnly?: boolean | undefined;
}

export function JsonField({ name, value, onValueChange, readOnly, error, ...field }: JsonFieldProps) {
  const [text, setText] = useState(() => textOf(value));
  const [fault, setFault] = useState<string | null>(null);

  // Changed from elsewhere: another draft, or data of a message. What is being written is left as it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new value overwrites what is written
  useEffect(() => {
    const written = parse(text);
    if ("value" in written && canonical(written.value ?? null) === canonical(value ?? null)) return;
    setText(textOf(value));
    setFault(null);
  }, [canonical(value ?? null)]);

  function change(next: string) {
    if (next === text) return;
    setText(next);
    const read = parse(next);
    setFault("fault" in read ? read.fault : null);
    if ("value" in read) onValueChange(read.value);
  }

  return (
    <Field {...field} error={fault ?? error}>
      <CodeEditor label={name} language="json" value={text} onValueChange={change} readOnly={readOnly} />
    </Field>
  );
}

function textOf(value: Json | undefined): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

function parse(text: string): { value: Json | undefined } | { fault: string } {
  if (text.trim() === "") return { value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { value: value as Json };
    return { fault: "Not taken over yet: it must be an object, in braces." };
  } catch (error) {
    return { fault: `Not taken over yet: this is no JSON (${(error as SyntaxError).message}).` };
  }
}
