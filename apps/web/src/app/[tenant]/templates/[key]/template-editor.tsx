"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { channelNames } from "../../../../shell/channel-names";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";
import { Field } from "../../../../ui/field";
import { Fold } from "../../../../ui/fold";
import { Menu, MenuItem } from "../../../../ui/menu";
import { Select } from "../../../../ui/select";
import { Tabs } from "../../../../ui/tabs";
import type { ContentScheme } from "../../content-view";
import {
  type ChannelFields,
  channelIds,
  channelsOf,
  faultAt,
  fieldsOf,
  localeName,
  type TemplateContent,
} from "../template-words";
import { ChannelForm } from "./channel-fields";
import { JsonField } from "./json-field";
import { LocaleBar } from "./locale-bar";
import { PreviewPane } from "./preview-pane";
import { filledIn, SampleData } from "./sample-data";
import { SaveNote } from "./save-note";
import type { TemplateDraft } from "./use-template-draft";
import { useTemplatePreview } from "./use-template-preview";

type Data = Record<string, unknown>;

/** Where in the template one is, and what it is filled with. */
export interface Desk {
  channel: string;
  locale: string;
  data: Data;
}

export interface TemplateEditorProps {
  templateKey: string;
  editing: TemplateDraft;
  desk: Desk;
  onDeskChange: (desk: Partial<Desk>) => void;
  readOnly: boolean;
}

/** The draft on the left, and on the right what becomes of it. */
export function TemplateEditor({ templateKey, editing, desk, onDeskChange, readOnly }: TemplateEditorProps) {
  const { draft, setDraft, state } = editing;
  const { channel, locale, data } = desk;
  const [scheme, setScheme] = useState<ContentScheme>("light");
  const [person, setPerson] = useState<Data>({});
  const rendered = useTemplatePreview({
    key: templateKey,
    draft,
    channel,
    locale,
    data,
    recipient: { data: person },
    scheme,
  });
  // The first look at a channel shows the message, not a list of what the sample data lacks: that is filled in unseen.
  const seen = useRef(new Set<string>());
  const [isFilling, setFilling] = useState(false);
  const live = isFilling ? { ...rendered, preview: null, failure: null, faults: [] } : rendered;
  const faults = [...(state.kind === "faulty" ? state.faults : []), ...live.faults];
  const fields = fieldsOf(draft, locale, channel);
  const channels = channelsOf(draft);
  const addable = channelIds.filter((id) => !fieldsOf(draft, locale, id));

  function fill(missing: readonly string[]) {
    const ofPerson = "recipient.data.";
    const [theirs, others] = [true, false].map((is) => missing.filter((name) => name.startsWith(ofPerson) === is));
    if (others?.length) onDeskChange({ data: filledIn(data, others) });
    if (theirs?.length)
      setPerson(
        filledIn(
          person,
          theirs.map((name) => name.slice(ofPerson.length)),
        ),
      );
  }

  useLayoutEffect(() => {
    if (rendered.isWaiting) return;
    if (isFilling) return setFilling(false);
    if (!rendered.preview || seen.current.has(channel)) return;
    seen.current.add(channel);
    if (rendered.preview.missingVariables.length === 0) return;
    setFilling(true);
    fill(rendered.preview.missingVariables);
  });

  return (
    <div className="grid items-start gap-x-8 gap-y-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="min-w-0 space-y-4">
        <SaveNote {...editing} />
        <div className="flex flex-wrap items-center justify-between gap-2">
          <LocaleBar
            draft={draft}
            locale={locale}
            onLocaleChange={(next) => onDeskChange({ locale: next })}
            onDraftChange={setDraft}
            readOnly={readOnly}
          />
          {!readOnly && addable.length > 0 && (
            <Menu
              trigger={
                <Button>
                  <Plus aria-hidden />
                  Add a channel
                </Button>
              }
            >
              {addable.map((id) => (
                <MenuItem
                  key={id}
                  onSelect={() => {
                    setDraft(
                      withChannel(draft, locale, id, fieldsOf(draft, draft.defaultLocale, id) ?? firstWords[id] ?? {}),
                    );
                    onDeskChange({ channel: id });
                  }}
                >
                  {channelNames[id]}
                </MenuItem>
              ))}
            </Menu>
          )}
        </div>
        <Tabs
          label="Channels"
          value={channel}
          onValueChange={(next) => onDeskChange({ channel: next })}
          tabs={channels.map((id) => ({
            value: id,
            label: channelNames[id] ?? id,
            panel: fields ? (
              <div key={`${locale}/${id}`} className="space-y-4">
                <ChannelForm
                  channel={id}
                  locale={locale}
                  fields={fields}
                  onFieldsChange={(changed) =>
                    setDraft((draft) =>
                      withChannel(draft, locale, id, withFields(fieldsOf(draft, locale, id), changed)),
                    )
                  }
                  faults={faults}
                  readOnly={readOnly}
                  preview={live.preview}
                />
                {!readOnly && (channels.length > 1 || Object.keys(draft.locales).length > 1) && (
                  <Button
                    variant="ghost"
                    className="-ml-3"
                    onClick={() => {
                      const next = withChannel(draft, locale, id, undefined);
                      setDraft(next);
                      if (!channelsOf(next).includes(id)) onDeskChange({ channel: channelsOf(next)[0] ?? id });
                    }}
                  >
                    <Trash2 aria-hidden />
                    Remove {channelNames[id]}
                  </Button>
                )}
              </div>
            ) : (
              <Callout title={`${localeName(locale)} says nothing by ${channelNames[id] ?? id}`}>
                Its readers get the nearest language that does: the preview shows it.
                {!readOnly && " Use “Add a channel” to write it."}
              </Callout>
            ),
          }))}
        />
        <Fold title="Layout and data schema" open={draft.layout !== undefined}>
          <div className="space-y-4 pt-2">
            <LayoutField
              draft={draft}
              onDraftChange={setDraft}
              readOnly={readOnly}
              error={faultAt(faults, "/draft/layout")}
              own={templateKey}
            />
            <JsonField
              name="Data schema"
              label="Data schema"
              group
              optional
              help="JSON Schema of the data. A request that lacks something is refused, instead of sending half a message."
              error={faultAt(faults, "/draft/schema")}
              readOnly={readOnly}
              value={draft.schema}
              onValueChange={(schema) => setDraft((draft) => withOptional(draft, "schema", schema))}
            />
          </div>
        </Fold>
      </div>
      <div className="min-w-0 space-y-6 xl:sticky xl:top-18">
        <PreviewPane live={live} channel={channel} scheme={scheme} onSchemeChange={setScheme} onFill={fill} />
        <SampleData
          templateKey={templateKey}
          data={data}
          onDataChange={(next) => onDeskChange({ data: next })}
          person={person}
          onPersonChange={setPerson}
          kept={keptData(draft)}
          onKeep={
            readOnly
              ? undefined
              : (kept) =>
                  setDraft((draft) => ({ ...draft, schema: { type: "object", ...draft.schema, examples: [kept] } }))
          }
        />
      </div>
    </div>
  );
}

/** The sample data that a template brings along. */
export function keptData({ schema }: TemplateContent): Data | undefined {
  const [first] = Array.isArray(schema?.examples) ? (schema.examples as unknown[]) : [];
  return typeof first === "object" && first !== null && !Array.isArray(first) ? (first as Data) : undefined;
}

function withChannel(
  draft: TemplateContent,
  locale: string,
  channel: string,
  fields: ChannelFields | undefined,
): TemplateContent {
  const { [channel]: _, ...others } = draft.locales[locale] ?? {};
  return { ...draft, locales: { ...draft.locales, [locale]: fields ? { ...others, [channel]: fields } : others } };
}

function withFields(fields: ChannelFields | undefined, changed: ChannelFields): ChannelFields {
  return Object.fromEntries(Object.entries({ ...fields, ...changed }).filter(([, value]) => value !== undefined));
}

function withOptional<Key extends "layout" | "schema">(
  draft: TemplateContent,
  key: Key,
  value: TemplateContent[Key] | undefined,
): TemplateContent {
  const { [key]: _, ...others } = draft;
  return (value === undefined ? others : { ...others, [key]: value }) as TemplateContent;
}

/** What a channel begins with, so that it can be saved and seen at once. */
const firstWords: Readonly<Record<string, ChannelFields>> = {
  email: {
    subject: "Hello",
    mjml: "<mjml>\n  <mj-body>\n    <mj-section>\n      <mj-column>\n        <mj-text>Hello</mj-text>\n      </mj-column>\n    </mj-section>\n  </mj-body>\n</mjml>\n",
  },
  sms: { text: "Hello" },
  whatsapp: { text: "Hello" },
  push: { title: "Hello", body: "What it is about" },
  in_app: { title: "Hello", body: "What it is about" },
  webhook: { payload: { event: "hello" } },
  chat: { text: "Hello" },
};

interface LayoutFieldProps {
  draft: TemplateContent;
  onDraftChange: (draft: TemplateContent) => void;
  readOnly: boolean;
  error: string | undefined;
  own: string;
}

function LayoutField({ draft, onDraftChange, readOnly, error, own }: LayoutFieldProps) {
  const { input } = useTenant();
  const trpc = useTRPC();
  const layouts = useQuery(trpc.templates.layouts.queryOptions(input));
  const known = layouts.data?.filter(({ key }) => key !== own) ?? [];
  const isUnknown = draft.layout !== undefined && !known.some(({ key }) => key === draft.layout);
  return (
    <Field
      label="Layout"
      error={error}
      help="A published template whose email has {{ content }} where this one’s goes: header, footer, colours."
    >
      <Select
        disabled={readOnly}
        value={draft.layout ?? "-"}
        onValueChange={(key) => onDraftChange(withOptional(draft, "layout", key === "-" ? undefined : key))}
        options={[
          { value: "-", label: "None" },
          ...known.map(({ key, name }) => ({ value: key, label: `${name} (${key})` })),
          ...(isUnknown && draft.layout !== undefined ? [{ value: draft.layout, label: draft.layout }] : []),
        ]}
      />
    </Field>
  );
}
