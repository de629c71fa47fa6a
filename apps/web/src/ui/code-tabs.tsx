"use client";

import { useState } from "react";
import { Code } from "./code-block";
import { CopyButton } from "./copy-button";
import { Segmented } from "./segmented";

/** The same call in several languages (curl, Node, Python), one seen at a time. */
export interface CodeTabsProps {
  /** What it does, for screen readers. */
  label: string;
  samples: readonly { language: string; code: string }[];
}

export function CodeTabs({ label, samples }: CodeTabsProps) {
  const [language, setLanguage] = useState(samples[0]?.language ?? "");
  const code = samples.find((sample) => sample.language === language)?.code ?? "";
  return (
    <figure className="overflow-hidden rounded-lg border border-line bg-surface">
      <figcaption className="flex min-h-11 items-center justify-between gap-2 border-line border-b px-1.5">
        <Segmented
          label={`${label}: language`}
          options={samples.map((sample) => ({ value: sample.language, label: sample.language }))}
          value={language}
          onValueChange={setLanguage}
        />
        <CopyButton text={code} label={`Copy: ${label} in ${language}`} />
      </figcaption>
      <Code code={code} label={`${label} in ${language}`} />
    </figure>
  );
}
