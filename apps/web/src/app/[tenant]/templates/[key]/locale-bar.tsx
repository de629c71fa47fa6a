"use client";

import { Ellipsis, Languages, Star, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../../../../ui/button";
import { Dialog, DialogClose } from "../../../../ui/dialog";
import { Field } from "../../../../ui/field";
import { IconButton } from "../../../../ui/icon-button";
import { Input } from "../../../../ui/input";
import { Menu, MenuItem } from "../../../../ui/menu";
import { Select } from "../../../../ui/select";
import { localeName, localesOf, type TemplateContent } from "../template-words";

export interface LocaleBarProps {
  draft: TemplateContent;
  locale: string;
  onLocaleChange: (locale: string) => void;
  onDraftChange: (draft: TemplateContent) => void;
  readOnly: boolean;
}

/** Which language is being written; adds, removes and chooses the default. */
export function LocaleBar({ draft, locale, onLocaleChange, onDraftChange, readOnly }: LocaleBarProps) {
  const [isAdding, setAdding] = useState(false);
  const locales = localesOf(draft);
  const isDefault = locale === draft.defaultLocale;

  function add(added: string) {
    onDraftChange({ ...draft, locales: { ...draft.locales, [added]: structuredClone(draft.locales[locale] ?? {}) } });
    onLocaleChange(added);
    setAdding(false);
  }

  function remove() {
    const { [locale]: _, ...others } = draft.locales;
    onDraftChange({ ...draft, locales: others });
    onLocaleChange(draft.defaultLocale);
  }

  return (
    <div className="flex min-w-0 items-center gap-1">
      <Select
        aria-label="Language"
        className="w-48"
        options={locales.map((one) => ({
          value: one,
          label: `${localeName(one)}${one === draft.defaultLocale ? " · default" : ""}`,
        }))}
        value={locale}
        onValueChange={onLocaleChange}
      />
      {!readOnly && (
        <Menu align="start" trigger={<IconButton label="Languages" icon={<Ellipsis aria-hidden />} />}>
          <MenuItem icon={<Languages aria-hidden />} onSelect={() => setAdding(true)}>
            Add a language
          </MenuItem>
          <MenuItem
            icon={<Star aria-hidden />}
            disabled={isDefault}
            onSelect={() => onDraftChange({ ...draft, defaultLocale: locale })}
          >
            Make {localeName(locale)} the default
          </MenuItem>
          <MenuItem icon={<Trash2 aria-hidden />} danger disabled={isDefault} onSelect={remove}>
            Remove {localeName(locale)}
          </MenuItem>
        </Menu>
      )}
      <Dialog
        open={isAdding}
        onOpenChange={setAdding}
        size="sm"
        title="Add a language"
        description={`It begins as a copy of ${localeName(locale)}. Readers get their own language, else its nearest parent, else the default.`}
      >
        <AddLocale taken={locales} onAdd={add} />
      </Dialog>
    </div>
  );
}

function AddLocale({ taken, onAdd }: { taken: readonly string[]; onAdd: (locale: string) => void }) {
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();
  const locale = canonicalOf(text);

  function submit() {
    if (!locale) setFault("This is no locale: try es, pt-BR or zh-Hant.");
    else if (taken.includes(locale)) setFault(`${localeName(locale)} is here already.`);
    else onAdd(locale);
  }

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        submit();
      }}
    >
      <Field
        label="Locale"
        help={locale ? localeName(locale) : "A BCP 47 tag such as es, pt-BR or zh-Hant."}
        error={fault}
      >
        <Input
          value={text}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setFault(undefined);
          }}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <DialogClose>
          <Button>Cancel</Button>
        </DialogClose>
        <Button variant="primary" type="submit">
          Add language
        </Button>
      </div>
    </form>
  );
}

function canonicalOf(text: string): string | null {
  try {
    return new Intl.Locale(text.trim()).toString();
  } catch {
    return null; // it is being typed
  }
}
