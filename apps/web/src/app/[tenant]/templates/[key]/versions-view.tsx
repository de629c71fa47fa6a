"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { nextPage } from "../../../../trpc/next-page";
import { Button } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";
import { Dialog, DialogClose } from "../../../../ui/dialog";
import { EmptyState } from "../../../../ui/empty-state";
import { ErrorState } from "../../../../ui/error-state";
import { Field } from "../../../../ui/field";
import { LoadMore, moreOf } from "../../../../ui/load-more";
import { Section } from "../../../../ui/section";
import { Select } from "../../../../ui/select";
import { SkeletonRows } from "../../../../ui/skeleton";
import { Status } from "../../../../ui/status";
import { RelativeTime } from "../../../../ui/time";
import { toast } from "../../../../ui/toast";
import { changedParts } from "../content-parts";
import { canonical, type Template, type TemplateContent, type TemplateVersion } from "../template-words";
import { ChangeList } from "./change-list";

export interface VersionsViewProps {
  template: Template;
  draft: TemplateContent;
  /** Writes what a version says into the draft; absent for those who may not write. */
  onCopy?: ((version: TemplateVersion) => void) | undefined;
}

/** Everything that was ever published, compared with each other and with the draft. */
export function VersionsView({ template, draft, onCopy }: VersionsViewProps) {
  const { input } = useTenant();
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.templates.versions.infiniteQueryOptions({ ...input, key: template.key }, nextPage),
  );
  const more = moreOf(list);
  const [left, setLeft] = useState<string | null>(null);
  const [right, setRight] = useState("draft");
  const versions = list.data?.pages.flatMap((page) => page.data) ?? [];
  const newest = versions[0];

  if (list.isError && !list.data)
    return (
      <ErrorState title="The versions could not be loaded" error={list.error} onRetry={() => void list.refetch()} />
    );
  if (!list.data) return <SkeletonRows rows={4} />;
  if (!newest) {
    return (
      <EmptyState icon={<History />} title="Not published yet">
        Each time you publish, what the draft says becomes a version that never changes. Messages name the version they
        were made from.
      </EmptyState>
    );
  }

  const from = left ?? String(newest.version);
  const contentOf = (choice: string) =>
    choice === "draft" ? draft : versions.find(({ version }) => String(version) === choice)?.content;
  const [before, after] = [contentOf(from), contentOf(right)];
  const options = [
    { value: "draft", label: "The draft" },
    ...versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` })),
  ];

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[22rem_minmax(0,1fr)]">
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <ol aria-label="Versions" className="divide-y divide-line">
          {versions.map((version) => (
            <li key={version.version} className="space-y-2 px-4 py-3">
              <div className="flex items-center justify-between gap-3">
                <span className="font-medium">Version {version.version}</span>
                {version === newest ? (
                  <Status value="published" />
                ) : (
                  <RelativeTime at={version.publishedAt} className="text-ink-muted text-sm" />
                )}
              </div>
              <p className="text-ink-muted text-xs">
                {version === newest && (
                  <>
                    Published <RelativeTime at={version.publishedAt} /> ·{" "}
                  </>
                )}
                {wordsOf(version, versions)}
              </p>
              <div className="flex flex-wrap gap-2">
                <Button
                  size="sm"
                  onClick={() => {
                    setLeft(String(version.version));
                    setRight("draft");
                  }}
                >
                  Compare<span className="sr-only"> version {version.version} with the draft</span>
                </Button>
                {onCopy && (
                  <Button size="sm" onClick={() => onCopy(version)}>
                    Copy to draft<span className="sr-only">: version {version.version}</span>
                  </Button>
                )}
                {onCopy && version !== newest && <RollBack template={template} version={version} newest={newest} />}
              </div>
            </li>
          ))}
        </ol>
        {more && <LoadMore {...more} />}
      </div>
      <Section title="What changed">
        <div className="grid grid-cols-2 gap-3 sm:max-w-md">
          <Field label="From">
            <Select options={options} value={from} onValueChange={setLeft} />
          </Field>
          <Field label="To">
            <Select options={options} value={right} onValueChange={setRight} />
          </Field>
        </div>
        {before && after && <ChangeList parts={changedParts(before, after)} />}
      </Section>
    </div>
  );
}

/** What a version reads, and which earlier one says the same: a roll-back shows itself. */
function wordsOf(version: TemplateVersion, versions: readonly TemplateVersion[]): string {
  const twin = versions.findLast(
    (other) => other.version < version.version && canonical(other.content) === canonical(version.content),
  );
  const count = version.variables.length;
  const words = [`${count} ${count === 1 ? "variable" : "variables"}`];
  if (version.layoutVersion !== null) words.push(`layout version ${version.layoutVersion}`);
  if (twin) words.push(`says the same as version ${twin.version}`);
  return words.join(" · ");
}

function RollBack({
  template,
  version,
  newest,
}: {
  template: Template;
  version: TemplateVersion;
  newest: TemplateVersion;
}) {
  const { input } = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const rollBack = useMutation(
    trpc.templates.rollBack.mutationOptions({
      onSuccess: async (made) => {
        await queryClient.invalidateQueries({ queryKey: trpc.templates.pathKey() });
        setOpen(false);
        toast.good(`Version ${made.version} is published`, {
          description: `It says what version ${version.version} says.`,
        });
      },
    }),
  );
  const next = newest.version + 1;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm">
          Roll back<span className="sr-only"> to version {version.version}</span>
        </Button>
      }
      size="lg"
      title={`Roll back “${template.name}” to version ${version.version}?`}
      description={`What version ${version.version} says is published again as version ${next}: versions are never taken back, so that each message keeps telling what it was made from. The draft stays as it is. This changes:`}
      footer={
        <>
          <DialogClose>
            <Button>Keep version {newest.version}</Button>
          </DialogClose>
          <Button
            variant="primary"
            busy={rollBack.isPending}
            onClick={() =>
              rollBack.mutate({
                ...input,
                key: template.key,
                version: version.version,
                ifPublishedVersion: newest.version,
              })
            }
          >
            Publish as version {next}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {rollBack.error && <Callout tone="bad">{rollBack.error.message}</Callout>}
        <ChangeList parts={changedParts(newest.content, version.content)} />
      </div>
    </Dialog>
  );
}
