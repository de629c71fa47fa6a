"use client";

import dynamic from "next/dynamic";
import { useFieldProps } from "../../../ui/field";
import { Skeleton } from "../../../ui/skeleton";
import type { CodeEditorProps } from "./code-editor-props";

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
