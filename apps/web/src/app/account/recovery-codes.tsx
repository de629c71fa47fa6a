"use client";

import { Download } from "lucide-react";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { CopyButton } from "../../ui/copy-button";

/** Recovery codes right after they were made: they are not shown again. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const text = `${codes.join("\n")}\n`;

  function download() {
    const url = URL.createObjectURL(new Blob([`Recovery codes of Tidings. Each signs you in once.\n\n${text}`]));
    const link = document.createElement("a");
    link.href = url;
    link.download = "tidings-recovery-codes.txt";
    link.click();
    URL.revokeObjectURL(url);
  }

  return (
    <div className="space-y-4">
      <Callout tone="warn" title="Keep these where you find them without your phone">
        Each signs you in once. They are not shown again.
      </Callout>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-lg border border-line-strong bg-sunken px-4 py-3 font-mono text-sm"
        data-secret
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={download}>
          <Download aria-hidden />
          Download
        </Button>
        <CopyButton text={text} label="Copy all recovery codes" variant="secondary" />
      </div>
    </div>
  );
}
