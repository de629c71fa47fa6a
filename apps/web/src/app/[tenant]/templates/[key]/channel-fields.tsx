"use client";

import { useState } from "react";
import { Field } from "../../../../ui/field";
import { Fold } from "../../../../ui/fold";
import { Input } from "../../../../ui/input";
import { Segmented } from "../../../../ui/segmented";
import { CodeEditor } from "../code-editor";
import type { CodeEditorProps } from "../code-editor-props";
import { type BodyKind, preheaderOf, withPreheader } from "../preheader";
import { type ChannelFields, type Fault, faultAt, pointerTo, type TemplatePreview } from "../template-words";
import { JsonField } from "./json-field";

/** What one channel says in one locale. */
export interface ChannelFieldsProps {
  channel: string;
  locale: string;
  fields: ChannelFields;
  /** With the fields that are new; an undefined one is gone. */
  onFieldsChange: (changed: ChannelFields) => void;
  faults: readonly Fault[];
  readOnly: boolean;
  /** How it looks at present, for what is counted beside a field. */
  preview: TemplatePreview | null | undefined;
}

export function ChannelForm(props: ChannelFieldsProps) {
  switch (props.channel) {
    case "email":
      return <EmailFields {...props} />;
    case "sms":
      return <Code {...props} name="text" label="Text" aside={segmentsOf(props.preview)} />;
    case "whatsapp":
      return (
        <>
          <Code
            {...props}
            name="text"
            label="Text"
            help="Only within 24 hours of the reader's last message; else WhatsApp takes an approved template."
          />
          <Fold title="Approved template" open={props.fields.providerTemplate !== undefined}>
            <Json
              {...props}
              name="providerTemplate"
              label="Template of the provider"
              help={<>Its id and variables: {'{ "id": "HX…", "variables": { "1": "{{ name }}" } }'}</>}
            />
          </Fold>
        </>
      );
    case "push":
      return (
        <>
          <Line {...props} name="title" label="Title" />
          <Code {...props} name="body" label="Body" />
          <Line {...props} name="imageUrl" label="Image" optional help="An https URL." />
          <Line
            {...props}
            name="actionUrl"
            label="Opens"
            optional
            help="Where a tap leads: a URL or a link of your app."
          />
          <Json {...props} name="data" label="Data for the app" optional />
        </>
      );
    case "in_app":
      return (
        <>
          <Line {...props} name="title" label="Title" />
          <Code {...props} name="body" label="Body" />
          <Line {...props} name="actionUrl" label="Opens" optional />
          <Json {...props} name="data" label="Data for your app" optional />
        </>
      );
    case "webhook":
      return <Json {...props} name="payload" label="Payload" help="JSON; its texts may hold Liquid." />;
    default:
      return (
        <>
          <Line {...props} name="title" label="Title" optional />
          <Code {...props} name="text" label="Text" help="Markdown: bold, italics, code, lists and links." />
          <Line {...props} name="actionUrl" label="Opens" optional />
        </>
      );
  }
}

interface OneField extends ChannelFieldsProps {
  name: string;
  label: string;
  help?: React.ReactNode;
  aside?: React.ReactNode;
  optional?: boolean;
}

/** One field that changed; one that may be absent is gone when it is empty. */
function changed({ name, optional }: OneField, value: unknown): ChannelFields {
  return { [name]: optional && value === "" ? undefined : value };
}

const textIn = (fields: ChannelFields, name: string) => (typeof fields[name] === "string" ? fields[name] : "");
const errorOf = ({ faults, locale, channel, name }: OneField) => faultAt(faults, pointerTo(locale, channel, name));

function Line(props: OneField) {
  const { fields, onFieldsChange, name, label, help, aside, optional, readOnly } = props;
  return (
    <Field label={label} help={help} aside={aside} optional={optional} error={errorOf(props)}>
      <Input
        value={textIn(fields, name)}
        readOnly={readOnly}
        autoComplete="off"
        onChange={(event) => onFieldsChange(changed(props, event.target.value))}
      />
    </Field>
  );
}

function Code(props: OneField & Partial<Pick<CodeEditorProps, "language" | "size">>) {
  const { fields, onFieldsChange, name, label, help, aside, optional, readOnly, language = "liquid", size } = props;
  return (
    <Field label={label} help={help} aside={aside} optional={optional} error={errorOf(props)} group>
      <CodeEditor
        label={label}
        language={language}
        size={size}
        value={textIn(fields, name)}
        readOnly={readOnly}
        onValueChange={(value) => onFieldsChange(changed(props, value))}
      />
    </Field>
  );
}

function Json(props: OneField) {
  const { fields, onFieldsChange, name, label, help, optional, readOnly } = props;
  return (
    <JsonField
      name={label}
      label={label}
      help={help}
      optional={optional}
      group
      error={errorOf(props)}
      readOnly={readOnly}
      value={fields[name] as Record<string, unknown> | undefined}
      onValueChange={(value) => onFieldsChange(changed(props, value))}
    />
  );
}

const bodyKinds = [
  { value: "mjml", label: "MJML" },
  { value: "html", label: "HTML" },
  { value: "none", label: "Text only" },
] as const;

function EmailFields(props: ChannelFieldsProps) {
  const { fields, onFieldsChange, readOnly, faults, locale, channel } = props;
  const kind = fields.mjml !== undefined ? "mjml" : fields.html !== undefined ? "html" : "none";
  /** Bodies that were left for another kind, so that going back loses nothing. */
  const [left, setLeft] = useState<Partial<Record<BodyKind, string>>>({});
  const preheader = kind === "none" ? null : preheaderOf(textIn(fields, kind), kind);
  const whole = faults.filter(({ pointer }) => pointer === pointerTo(locale, channel));

  function turnTo(next: BodyKind | "none") {
    const none = { mjml: undefined, html: undefined };
    if (kind !== "none") setLeft({ ...left, [kind]: textIn(fields, kind) });
    if (next === "none") onFieldsChange({ ...none, text: fields.text ?? "Write the text here.\n" });
    else onFieldsChange({ ...none, [next]: left[next] ?? startOf[next] });
  }

  return (
    <>
      <Line {...props} name="subject" label="Subject" />
      {kind !== "none" && preheader !== null && (
        <Field label="Preview text" optional help="What inboxes show after the subject.">
          <Input
            value={preheader}
            readOnly={readOnly}
            autoComplete="off"
            onChange={(event) =>
              onFieldsChange({ [kind]: withPreheader(textIn(fields, kind), kind, event.target.value) })
            }
          />
        </Field>
      )}
      <div className="space-y-1.5">
        {!readOnly && <Segmented label="Body" options={bodyKinds} value={kind} onValueChange={turnTo} />}
        {kind !== "none" && <Code {...props} name={kind} label={kind.toUpperCase()} language="html" size="tall" />}
        {whole.length > 0 && <p className="text-bad text-xs">{faultAt(whole, pointerTo(locale, channel))}</p>}
      </div>
      {kind === "none" ? (
        <Code {...props} name="text" label="Text" size="tall" />
      ) : (
        <Fold title="Text version" open={fields.text !== undefined}>
          <Code {...props} name="text" label="Text" optional help="Made from the body when this is empty." />
        </Fold>
      )}
      <Fold title="Sender" open={fields.from !== undefined || fields.replyTo !== undefined}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Line {...props} name="from" label="From" optional help="The provider account's own when empty." />
          <Line {...props} name="replyTo" label="Reply to" optional />
        </div>
      </Fold>
    </>
  );
}

const startOf: Record<BodyKind, string> = {
  mjml: "<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text>Hello</mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>\n",
  html: "<!doctype html>\n<html>\n  <body>\n    <p>Hello</p>\n  </body>\n</html>\n",
};

function segmentsOf(preview: TemplatePreview | null | undefined): string | undefined {
  if (!preview?.sms) return undefined;
  const { segments, encoding, characters } = preview.sms;
  return `${segments} ${segments === 1 ? "segment" : "segments"} · ${characters} characters · ${encoding}`;
}
