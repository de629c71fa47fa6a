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
