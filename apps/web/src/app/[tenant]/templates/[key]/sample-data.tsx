"use client";

import { useQuery } from "@tanstack/react-query";
import { Database } from "lucide-react";
import { useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Button } from "../../../../ui/button";
import { Fold } from "../../../../ui/fold";
import { Popover, PopoverClose } from "../../../../ui/popover";
import { RelativeTime } from "../../../../ui/time";
import { canonical } from "../template-words";
import { JsonField } from "./json-field";

type Data = Record<string, unknown>;

export interface SampleDataProps {
  templateKey: string;
  data: Data;
  onDataChange: (data: Data) => void;
  /** What is known of the recipient: `recipient.data` to the template. */
  person: Data;
  onPersonChange: (person: Data) => void;
  /** What the template brings along, in the `examples` of its schema. */
  kept: Data | undefined;
  /** Makes the data what the template brings along; absent for those who may not write. */
  onKeep?: ((data: Data) => void) | undefined;
}

/** What the preview and a test send fill the template with. */
export function SampleData(props: SampleDataProps) {
  const { templateKey, data, onDataChange, person, onPersonChange, kept, onKeep } = props;
  const tenant = useTenant();
  const isKept = canonical(kept ?? {}) === canonical(data);
  return (
    <div className="space-y-2">
      <JsonField
        name="Sample data"
        label="Sample data"
        group
        help="What a request would send as “data”."
        value={data}
        onValueChange={(value) => onDataChange(value ?? {})}
      />
      <div className="flex flex-wrap gap-2">
        {tenant.can("messages.content") && <RealData templateKey={templateKey} onTake={onDataChange} />}
        {onKeep && !isKept && (
          <Button size="sm" variant="ghost" onClick={() => onKeep(data)}>
            Keep with the template
          </Button>
        )}
        {kept && !isKept && (
          <Button size="sm" variant="ghost" onClick={() => onDataChange(kept)}>
            Back to what is kept
          </Button>
        )}
      </div>
      <Fold title="Sample recipient" open={Object.keys(person).length > 0}>
        <JsonField
          name="Data of the sample recipient"
          label="Data of the recipient"
          labelHidden
          group
          help="What is stored with a recipient: “recipient.data” to the template."
          value={person}
          onValueChange={(value) => onPersonChange(value ?? {})}
        />
      </Fold>
    </div>
  );
}

function RealData({ templateKey, onTake }: { templateKey: string; onTake: (data: Data) => void }) {
  const { input, mode } = useTenant();
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const recent = useQuery(
    trpc.templates.recentData.queryOptions({ ...input, key: templateKey }, { enabled: open, staleTime: 5_000 }),
  );
  return (
    <Popover
      label="Messages that used this template"
      open={open}
      onOpenChange={setOpen}
      className="w-80"
      trigger={
        <Button size="sm">
          <Database aria-hidden />
          Use a real message’s data
        </Button>
      }
    >
      {recent.isPending ? (
        <p className="text-ink-muted text-sm">Looking…</p>
      ) : recent.isError ? (
        <p className="text-bad text-sm">{recent.error.message}</p>
      ) : recent.data.length === 0 ? (
        <p className="text-pretty text-ink-muted text-sm">
          None of the recent messages in {mode} mode used this template with data.
        </p>
      ) : (
        <ul className="-m-1 max-h-72 overflow-y-auto">
          {recent.data.map((one) => (
            <li key={one.id}>
              <PopoverClose>
                <button
                  type="button"
                  onClick={() => onTake(one.data)}
                  className="w-full cursor-pointer rounded-md px-2 py-1.5 text-left hover:bg-sunken"
                >
                  <span className="flex justify-between gap-3 text-sm">
                    <span className="truncate font-medium">{one.recipientId ?? "A raw address"}</span>
                    <RelativeTime at={one.createdAt} className="whitespace-nowrap text-ink-muted text-xs" />
                  </span>
                  <code className="block truncate font-mono text-ink-muted text-xs">{JSON.stringify(one.data)}</code>
                </button>
              </PopoverClose>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

/** The data with a word in every place that is missing: `order.id` becomes `{ order: { id: "id" } }`. */
export function filledIn(data: Data, missing: readonly string[]): Data {
  return missing.reduce((filled, path) => withWordAt(filled, path.split(".")), data);
}

function withWordAt(data: Data, [name = "", ...rest]: string[]): Data {
  const inner = Object.hasOwn(data, name) ? data[name] : undefined;
  const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  if (rest.length === 0) return isObject ? data : { ...data, [name]: inner ?? name };
  return { ...data, [name]: withWordAt(isObject ? (inner as Data) : {}, rest) };
}
