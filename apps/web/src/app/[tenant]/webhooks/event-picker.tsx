"use client";

import { Checkbox } from "../../../ui/checkbox";
import { RadioGroup } from "../../../ui/radio-group";
import { eventFamilies, meaningOf } from "./event-words";

/** Which events an endpoint is told: all there are and will be, or chosen ones. */
export function EventPicker({ value, onChange }: { value: readonly string[]; onChange: (value: string[]) => void }) {
  const all = value.includes("*");
  const set = (pattern: string, wanted: boolean) =>
    onChange(wanted ? [...value, pattern] : value.filter((one) => one !== pattern));

  return (
    <div className="space-y-3">
      <RadioGroup
        label="Events"
        look="cards"
        value={all ? "all" : "some"}
        onValueChange={(which) => onChange(which === "all" ? ["*"] : ["delivery.*"])}
        options={[
          { value: "all", label: "All events", help: "Those there are, and those that Tidings learns later." },
          { value: "some", label: "Chosen events" },
        ]}
      />
      {!all && (
        <div className="space-y-4 rounded-lg border border-line p-3">
          {eventFamilies.map(({ pattern, name, types }) => {
            const whole = value.includes(pattern);
            const mine: readonly string[] = [pattern, ...types];
            const others = value.filter((one) => !mine.includes(one));
            return (
              <fieldset key={pattern} className="space-y-1.5">
                <legend className="pb-1 font-medium text-sm">{name}</legend>
                <Checkbox
                  label={
                    <>
                      All of them <code className="font-mono text-ink-muted text-xs">{pattern}</code>
                    </>
                  }
                  checked={whole}
                  onCheckedChange={(wanted) => onChange(wanted ? [...others, pattern] : others)}
                />
                {!whole &&
                  types.map((type) => (
                    <Checkbox
                      key={type}
                      label={<code className="font-mono text-sm">{type}</code>}
                      help={meaningOf(type)}
                      checked={value.includes(type)}
                      onCheckedChange={(wanted) => set(type, wanted)}
                    />
                  ))}
              </fieldset>
            );
          })}
        </div>
      )}
    </div>
  );
}
