"use client";

import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";
import { pages } from "./navigation";
import { useTenant } from "./tenant-context";

const general: readonly [keys: string[], meaning: string][] = [
  [["⌘", "K"], "Find anything, go anywhere"],
  [["/"], "Search this page"],
  [["j"], "Next row"],
  [["k"], "Row before"],
  [["↵"], "Open the row"],
  [["Esc"], "Close what is open"],
  [["p"], "Hold the list of messages, or go on"],
  [["⌘", "↵"], "Submit the form"],
  [["?"], "These keys"],
];

/** The keys the console knows. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const { can } = useTenant();
  const going = pages
    .filter(({ action }) => can(action))
    .map(({ letter, name }): [string[], string] => [["g", letter], `Go to ${name}`]);
  return (
    <Dialog title="Keys" open onOpenChange={(open) => !open && onClose()}>
      <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
        {[...general, ...going].map(([keys, meaning]) => (
          <div key={meaning} className="flex items-center justify-between gap-4 text-sm">
            <dt>{meaning}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
