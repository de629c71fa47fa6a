"use client";

import { useState } from "react";
import { type Control, useWatch } from "react-hook-form";
import { Button } from "../../../ui/button";
import { Checkbox } from "../../../ui/checkbox";
import { FormField } from "../../../ui/form";
import { Input } from "../../../ui/input";
import { Select } from "../../../ui/select";
import { Textarea } from "../../../ui/textarea";
import type { AccountValues } from "./account-values";
import { isGroup, isJsonFile, isKept, type SettingSchema } from "./config-values";

interface SettingProps {
  control: Control<AccountValues>;
  /** Where it stands in the form: `config.host`. */
  path: `config.${string}`;
  schema: SettingSchema;
  isRequired: boolean;
  /** What is stored, secrets masked; undefined when nothing is. */
  stored: unknown;
}

/** One setting of a provider, drawn from its JSON schema. */
function SettingField({ control, path, schema, isRequired, stored }: SettingProps) {
  const label = schema.title ?? path.slice(path.lastIndexOf(".") + 1);
  if (isGroup(schema))
    return (
      <fieldset className="space-y-4 rounded-lg border border-line p-4">
        <legend className="px-1 font-medium text-sm">{label}</legend>
        {schema.description && <p className="text-ink-muted text-xs">{schema.description}</p>}
        <SettingFields
          control={control}
          path={path}
          schema={schema}
          stored={stored as Record<string, unknown> | undefined}
        />
      </fieldset>
    );
  if (isKept(schema)) return <SecretField {...{ control, path, schema, isRequired, stored }} />;
  if (schema.type === "boolean")
    return (
      <FormField control={control} name={path} label={label} labelHidden group>
        {(field) => (
          <Checkbox
            name={field.name}
            label={label}
            help={schema.description}
            checked={field.value === true}
            onChange={field.onChange}
          />
        )}
      </FormField>
    );
  return (
    <FormField control={control} name={path} label={label} help={schema.description} optional={!isRequired}>
      {(field) => {
        const { value: _, ...bound } = field;
        const value = String(field.value ?? "");
        if (schema.enum)
          return <Select {...bound} value={value} options={schema.enum.map((one) => ({ value: one, label: one }))} />;
        if (schema.contentMediaType)
          return <Textarea {...bound} value={value} rows={4} className="font-mono text-xs" />;
        const isNumber = schema.type === "integer" || schema.type === "number";
        return (
          <Input
            {...bound}
            value={value}
            inputMode={isNumber ? "numeric" : undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        );
      }}
    </FormField>
  );
}

/** The settings of a schema, those that few need left out or alone. */
export function SettingFields(props: {
  control: Control<AccountValues>;
  path: "config" | `config.${string}`;
  schema: SettingSchema;
  stored: Record<string, unknown> | null | undefined;
  advanced?: boolean;
}) {
  const { control, path, schema, stored, advanced = false } = props;
  return Object.entries(schema.properties ?? {})
    .filter(([, inner]) => (inner.advanced ?? false) === advanced)
    .map(([name, inner]) => (
      <SettingField
        key={name}
        control={control}
        path={`${path}.${name}` as `config.${string}`}
        schema={inner}
        isRequired={schema.required?.includes(name) ?? false}
        stored={stored?.[name]}
      />
    ));
}

/** A secret: what is stored is only told by its last four characters, and stays until it is replaced. */
function SecretField({ control, path, schema, isRequired, stored }: SettingProps) {
  const [replacing, setReplacing] = useState(false);
  const isRemoved = useWatch({ control, name: path }) === null;
  const isShown = stored !== undefined && !replacing;
  return (
    <FormField
      control={control}
      name={path}
      label={schema.title ?? path}
      help={schema.description}
      optional={!isRequired}
      group={isShown}
    >
      {({ value, ...field }) => {
        if (isShown)
          return (
            <div className="flex min-h-8 flex-wrap items-center gap-2 rounded-md border border-line bg-sunken py-1 pr-1 pl-2.5">
              <span className="wrap-anywhere min-w-0 flex-1 font-mono text-ink-muted text-sm">
                {isRemoved ? "Removed when you save" : maskOf(stored)}
              </span>
              {isRemoved ? (
                <Button size="sm" onClick={() => field.onChange("")}>
                  Keep it
                </Button>
              ) : (
                <>
                  {!isRequired && (
                    <Button size="sm" variant="ghost" onClick={() => field.onChange(null)}>
                      Remove
                    </Button>
                  )}
                  <Button size="sm" onClick={() => setReplacing(true)}>
                    Replace
                  </Button>
                </>
              )}
            </div>
          );
        const text = String(value ?? "");
        return schema.contentMediaType ? (
          <Textarea
            {...field}
            value={text}
            rows={5}
            autoComplete="off"
            spellCheck={false}
            placeholder={isJsonFile(schema) ? "{ … }" : "-----BEGIN PRIVATE KEY-----"}
            className="font-mono text-xs"
          />
        ) : (
          <Input {...field} value={text} type="password" autoComplete="new-password" spellCheck={false} />
        );
      }}
    </FormField>
  );
}

/** `••••cdef`, or what is not secret of a file's parts. */
function maskOf(stored: unknown): string {
  return typeof stored === "object" && stored !== null ? Object.values(stored).join(" · ") : String(stored);
}
