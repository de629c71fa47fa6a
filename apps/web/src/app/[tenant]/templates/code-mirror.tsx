"use client";

import { html } from "@codemirror/lang-html";
import { json } from "@codemirror/lang-json";
import { liquid } from "@codemirror/lang-liquid";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";
import CodeMirror, { EditorView, type Extension } from "@uiw/react-codemirror";
import { useMemo } from "react";
import { cn } from "../../../ui/cn";
import type { CodeEditorProps, EditorField } from "./code-editor-props";

/** Elements of MJML that are offered while typing. */
const mjmlTags = Object.fromEntries(
  (
    "mjml mj-head mj-body mj-attributes mj-all mj-class mj-preview mj-title mj-style mj-font mj-breakpoint mj-section " +
    "mj-column mj-group mj-wrapper mj-hero mj-text mj-button mj-image mj-divider mj-spacer mj-table mj-raw mj-social " +
    "mj-social-element mj-navbar mj-navbar-link mj-accordion mj-carousel"
  )
    .split(" ")
    .map((name) => [name, {}]),
);

const languages: Record<CodeEditorProps["language"], () => Extension> = {
  liquid: () => liquid(),
  html: () => liquid({ base: html({ extraTags: mjmlTags, selfClosingTags: true }) }),
  json: () => json(),
};

/** The tokens of the console, so that light and dark follow its theme. */
const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--color-ink)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.5rem" },
  ".cm-content": { caretColor: "var(--color-ink)", padding: "6px 0" },
  ".cm-cursor": { borderLeftColor: "var(--color-ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--color-ink-muted)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--color-sunken) 60%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--color-accent-soft)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "light-dark(#d9d9f9, #3a3880)",
  },
  ".cm-panels, .cm-tooltip": {
    backgroundColor: "var(--color-raised)",
    color: "var(--color-ink)",
    border: "1px solid var(--color-line-strong)",
    borderRadius: "6px",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--color-sunken)",
    color: "var(--color-ink)",
  },
});

const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], color: "var(--color-accent-ink)" },
    { tag: [tags.tagName, tags.angleBracket], color: "var(--color-accent-ink)" },
    { tag: [tags.variableName, tags.propertyName], color: "var(--color-warn)" },
    { tag: [tags.brace, tags.special(tags.brace), tags.processingInstruction], color: "var(--color-bad)" },
    { tag: [tags.string, tags.attributeValue], color: "var(--color-good)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--color-accent-ink)" },
    { tag: [tags.attributeName, tags.comment, tags.documentMeta], color: "var(--color-ink-muted)" },
    { tag: tags.invalid, color: "var(--color-bad)" },
  ]),
);

/**
 * The nonce of the document, which its policy demands of the style sheets that CodeMirror adds. The document's, not the
 * last request's: who came here by a link within the console still has the document they began with.
 */
const documentNonce = () => document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";

export function CodeMirrorEditor(props: CodeEditorProps & { field: EditorField }) {
  const { label, language, value, onValueChange, readOnly = false, size = "short", field } = props;
  const { describedBy, invalid } = field;
  const extensions = useMemo(
    () => [
      EditorView.cspNonce.of(documentNonce()),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": label,
        tabindex: "0",
        ...(describedBy && { "aria-describedby": describedBy }),
        ...(invalid && { "aria-invalid": "true" }),
        ...(readOnly && { "aria-readonly": "true" }),
      }),
      languages[language](),
      look,
      colours,
    ],
    [label, language, describedBy, invalid, readOnly],
  );
  return (
    <CodeMirror
      value={value}
      onChange={onValueChange}
      readOnly={readOnly}
      extensions={extensions}
      theme="none"
      indentWithTab={false}
      maxHeight="32rem"
      minHeight={size === "tall" ? "16rem" : "4.5rem"}
      basicSetup={{
        lineNumbers: size === "tall",
        foldGutter: false,
        highlightActiveLine: size === "tall",
        highlightActiveLineGutter: false,
        syntaxHighlighting: false,
      }}
      className={cn(
        "overflow-hidden rounded-md border bg-surface focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent-ink",
        invalid ? "border-bad" : "border-control",
        size === "short" && "px-1",
      )}
    />
  );
}
