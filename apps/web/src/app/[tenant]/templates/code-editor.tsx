"use client";

import dynamic from "next/dynamic";
import { useFieldProps } from "../../../ui/field";
import { Skeleton } from "../../../ui/skeleton";

/** Code of a template. Inside a `Field`, which names it. */
export interface CodeEditorProps {
  /** What it is, for screen readers. */
  label: string;
  language: "liquid" | "html" | "json";
  value: string;
  onValueChange: (value: string) => void;
  readOnly?: boolean | undefined;
  /** How high it is when it is short: a body, or a few words. */
  size?: "tall" | "short" | undefined;
}

/** Everything about the field around it that assistive technology should hear. */
export interface EditorField {
  describedBy: string | undefined;
  invalid: boolean;
}

const CodeMirror = dynamic(() => import("./code-mirror").then((module) => module.CodeMirrorEditor), {
  ssr: false,
  loading: () => <Skeleton className="h-32 w-full" />,
});

/** An editor with highlighting, loaded when it is first needed. Tab leaves it, so that the keyboard is never caught. */
export function CodeEditor(props: CodeEditorProps) {
  const field = useFieldProps();
  return (
    <CodeMirror
      {...props}
      field={{ describedBy: field["aria-describedby"], invalid: field["aria-invalid"] === true }}
    />
  );
}
