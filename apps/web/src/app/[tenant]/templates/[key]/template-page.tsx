"use client";

import { useQuery } from "@tanstack/react-query";
import { FileQuestion } from "lucide-react";
import { parseAsString, parseAsStringEnum, useQueryStates } from "nuqs";
import { useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Badge } from "../../../../ui/badge";
import { ButtonLink } from "../../../../ui/button";
import { EmptyState } from "../../../../ui/empty-state";
import { ErrorState } from "../../../../ui/error-state";
import { failureOf } from "../../../../ui/failure";
import { IdChip } from "../../../../ui/id-chip";
import { PageHeader } from "../../../../ui/page-header";
import { Skeleton } from "../../../../ui/skeleton";
import { Status } from "../../../../ui/status";
import { Tabs } from "../../../../ui/tabs";
import { TextLink } from "../../../../ui/text-link";
import { toast } from "../../../../ui/toast";
import { channelsOf, type Template, type TemplateVersion } from "../template-words";
import { PublishButton } from "./publish-button";
import { SaveWord } from "./save-note";
import { type Desk, keptData, TemplateEditor } from "./template-editor";
import { TemplateMenu } from "./template-menu";
import { TestSend } from "./test-send";
import { useTemplateDraft } from "./use-template-draft";
import { VersionsView } from "./versions-view";

/** One template. */
export function TemplatePage({ templateKey }: { templateKey: string }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const query = useQuery(trpc.templates.get.queryOptions({ ...tenant.input, key: templateKey }));
  if (query.data) return <Loaded key={query.data.id} template={query.data} />;
  if (query.isError && failureOf(query.error).code === "not_found") {
    return (
      <EmptyState
        icon={<FileQuestion />}
        title={`There is no template ${templateKey}`}
        action={<ButtonLink href={tenant.href("templates")}>All templates</ButtonLink>}
      >
        It may have been deleted, or the address is mistyped.
      </EmptyState>
    );
  }
  if (query.isError)
    return (
      <ErrorState title="The template could not be loaded" error={query.error} onRetry={() => void query.refetch()} />
    );
  return (
    <div aria-busy className="space-y-4">
      <Skeleton className="h-7 w-64" />
      <div className="grid gap-8 xl:grid-cols-2">
        <Skeleton className="h-120 w-full" />
        <Skeleton className="h-120 w-full" />
      </div>
    </div>
  );
}

const place = {
  view: parseAsStringEnum(["write", "versions"]).withDefault("write"),
  channel: parseAsString,
  locale: parseAsString,
};

function Loaded({ template }: { template: Template }) {
  const tenant = useTenant();
  const readOnly = !tenant.can("templates.write");
  const editing = useTemplateDraft(template);
  const { draft } = editing;
  const [{ view, ...asked }, setPlace] = useQueryStates(place);
  const [data, setData] = useState(() => keptData(draft) ?? {});

  const channels = channelsOf(draft);
  const locale = asked.locale && Object.hasOwn(draft.locales, asked.locale) ? asked.locale : draft.defaultLocale;
  const channel = asked.channel && channels.includes(asked.channel) ? asked.channel : (channels[0] ?? "email");

  function moveTo({ data, ...rest }: Partial<Desk>) {
    if (data) setData(data);
    if (Object.keys(rest).length > 0) void setPlace(rest);
  }

  function copy(version: TemplateVersion) {
    const before = draft;
    editing.setDraft(version.content);
    void setPlace({ view: "write" });
    toast.good(`The draft says what version ${version.version} says`, {
      action: { label: "Undo", onClick: () => editing.setDraft(before) },
    });
  }

  return (
    <>
      <PageHeader
        back={<TextLink href={tenant.href("templates")}>Templates</TextLink>}
        title={template.name}
        aside={
          template.publishedVersion === null ? (
            <Status value="draft" />
          ) : (
            <Status tone="good">Version {template.publishedVersion} is published</Status>
          )
        }
        description={
          <span className="flex flex-wrap items-center gap-x-2">
            <IdChip id={template.key} length={40} />
            {template.category && <Badge>{template.category}</Badge>}
          </span>
        }
        actions={
          <>
            {readOnly ? <Badge>You can read this template</Badge> : <SaveWord state={editing.state} />}
            {tenant.can("messages.send") && (
              <TestSend template={template} draft={draft} channel={channel} locale={locale} data={data} />
            )}
            {!readOnly && <PublishButton template={template} editing={editing} />}
            {!readOnly && <TemplateMenu template={template} />}
          </>
        }
      />
      <Tabs
        label="Template"
        value={view}
        onValueChange={(next) => void setPlace({ view: next === "versions" ? "versions" : "write" })}
        tabs={[
          {
            value: "write",
            label: "Write",
            panel: (
              <TemplateEditor
                templateKey={template.key}
                editing={editing}
                desk={{ channel, locale, data }}
                onDeskChange={moveTo}
                readOnly={readOnly}
              />
            ),
          },
          {
            value: "versions",
            label: "Versions",
            panel: <VersionsView template={template} draft={draft} onCopy={readOnly ? undefined : copy} />,
          },
        ]}
      />
    </>
  );
}
