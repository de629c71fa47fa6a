"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { longInput, useTRPC } from "../../../../trpc/client";
import { failureOf, isPassing } from "../../../../ui/failure";
import { canonical, type Fault, pointerTo, type TemplateContent, type TemplatePreview } from "../template-words";

/** What is to be looked at. */
export interface Previewed {
  key: string;
  draft: TemplateContent;
  channel: string;
  locale: string;
  data: Record<string, unknown>;
  recipient: { data: Record<string, unknown> };
  /** Of the mail client. */
  scheme: "light" | "dark";
}

const waitMs = 350;

/** The draft as a worker would send it, rendered by the server a moment after the last change, and what is wrong with it. */
export function useTemplatePreview(previewed: Previewed) {
  const { input } = useTenant();
  const trpc = useTRPC();
  const settled = useSettled(previewed);
  const query = useQuery(
    trpc.templates.preview.queryOptions(
      { ...input, ...settled },
      {
        trpc: { context: { [longInput]: true } },
        placeholderData: keepPreviousData,
        // When too many emails are being compiled, its turn comes in a moment.
        retry: (tries, error) => isPassing(error) && tries < 5,
        retryDelay: 1_000,
        staleTime: 0,
        gcTime: 0, // an email's frame is there for a minute only
      },
    ),
  );
  const failure = query.error ? failureOf(query.error) : null;
  const faults: readonly Fault[] = failure ? (failure.errors ?? []) : query.data ? faultsOfPreview(query.data) : [];
  return {
    preview: failure || query.data?.channel !== previewed.channel ? null : query.data,
    /** Why there is nothing to be seen, when that isn't a field's fault. */
    failure,
    faults,
    isWaiting: query.isFetching || settled !== previewed,
    retry: () => void query.refetch(),
  };
}

/** The newest value that has stood for a moment. */
function useSettled(previewed: Previewed): Previewed {
  const text = canonical(previewed);
  const [settled, setSettled] = useState({ text, previewed });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is looked at is new when its text is
  useEffect(() => {
    if (text === settled.text) return;
    const turned = previewed.channel !== settled.previewed.channel || previewed.scheme !== settled.previewed.scheme;
    const timer = setTimeout(() => setSettled({ text, previewed }), turned ? 0 : waitMs);
    return () => clearTimeout(timer);
  }, [text, settled.text]);
  return text === settled.text ? previewed : settled.previewed;
}

/** `email.subject: the variable "name" is missing` stands beside the subject. */
function faultsOfPreview({ channel, locale, reason }: TemplatePreview): Fault[] {
  if (!reason || !locale) return [];
  const place = /^[a-z_]+\.(\w+)[^:\s]*(?::| is| has) ?(.*)$/s.exec(reason);
  if (!reason.startsWith(`${channel}.`) || !place) return [{ pointer: pointerTo(locale, channel), message: reason }];
  const [, field = "", words = ""] = place;
  return [{ pointer: pointerTo(locale, channel, field), message: words || reason }];
}
