"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { type Failure, failureOf } from "../../../../ui/failure";
import { canonical, type Fault, type Template, type TemplateContent } from "../template-words";

/** Where a draft stands between the page and the server. */
export type SaveState =
  | { kind: "saved" }
  /** Changed, and about to be saved. */
  | { kind: "changed" }
  | { kind: "saving" }
  /** Can't be saved before this is mended. */
  | { kind: "faulty"; faults: readonly Fault[] }
  | { kind: "failed"; failure: Failure }
  /** Somebody else saved another draft meanwhile: this is theirs. */
  | { kind: "conflict"; theirs: Template };

/** After the last change. */
const waitMs = 1_200;

/**
 * The draft being written. It saves itself a moment after the last change, never over what somebody else saved meanwhile:
 * then `state` is a conflict, which `takeTheirs` or `keepMine` settles.
 */
export function useTemplateDraft(template: Template) {
  const { input } = useTenant();
  const { key } = template;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const update = useMutation(trpc.templates.update.mutationOptions());
  const { mutateAsync } = update;
  const query = trpc.templates.get.queryOptions({ ...input, key });

  const [draft, setShown] = useState<TemplateContent>(template.draft);
  const [state, setState] = useState<SaveState>({ kind: "saved" });
  const latest = useRef(template.draft);
  const saved = useRef({ text: canonical(template.draft), updatedAt: template.updatedAt });
  const underWay = useRef<Promise<boolean> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const adopt = useCallback(
    (fresh: Omit<Template, "published">) => {
      saved.current = { text: canonical(fresh.draft), updatedAt: fresh.updatedAt };
      queryClient.setQueryData(query.queryKey, (old) => old && { ...old, ...fresh });
    },
    [queryClient, query.queryKey],
  );

  async function send(): Promise<boolean> {
    const sent = latest.current;
    setState({ kind: "saving" });
    try {
      adopt(await mutateAsync({ ...input, key, draft: sent, ifUpdatedAt: saved.current.updatedAt }));
    } catch (thrown) {
      const failure = failureOf(thrown);
      if (failure.code === "conflict") return await settle();
      if (failure.errors?.length) setState({ kind: "faulty", faults: failure.errors });
      else setState({ kind: "failed", failure });
      return false;
    }
    if (canonical(latest.current) !== saved.current.text) return await send();
    setState({ kind: "saved" });
    return true;
  }

  /** Published or renamed by somebody is no conflict; another draft is. */
  async function settle(): Promise<boolean> {
    const theirs = await queryClient.fetchQuery({ ...query, staleTime: 0 });
    if (canonical(theirs.draft) === saved.current.text) {
      saved.current.updatedAt = theirs.updatedAt;
      return await send();
    }
    if (canonical(theirs.draft) === canonical(latest.current)) {
      adopt(theirs);
      setState({ kind: "saved" });
      return true;
    }
    setState({ kind: "conflict", theirs });
    return false;
  }

  function failed(thrown: unknown): false {
    setState({ kind: "failed", failure: failureOf(thrown) });
    return false;
  }

  /** Saves now what isn't saved yet. @returns whether the draft is what the server has */
  function save(): Promise<boolean> {
    clearTimeout(timer.current);
    if (underWay.current) return underWay.current;
    if (canonical(latest.current) === saved.current.text) {
      setState({ kind: "saved" });
      return Promise.resolve(true);
    }
    underWay.current = send()
      .catch(failed)
      .finally(() => {
        underWay.current = null;
      });
    return underWay.current;
  }

  /** @returns the template as it stands, when its draft is the one shown here; null when it could not be saved or is another's */
  async function settled(): Promise<Template | null> {
    if (!(await save())) return null;
    const fresh = await queryClient.fetchQuery({ ...query, staleTime: 0 }).catch(failed);
    if (!fresh) return null;
    if (canonical(fresh.draft) !== saved.current.text) {
      setState({ kind: "conflict", theirs: fresh });
      return null;
    }
    saved.current.updatedAt = fresh.updatedAt;
    return fresh;
  }
  const latestSave = useRef(save);
  useEffect(() => {
    latestSave.current = save;
  });

  /** A function is given the draft as it stands now, which a handler of an editor may not have seen yet. */
  function setDraft(change: TemplateContent | ((draft: TemplateContent) => TemplateContent)) {
    const next = typeof change === "function" ? change(latest.current) : change;
    latest.current = next;
    setShown(next);
    if (state.kind === "conflict") return; // it waits for a decision
    if (canonical(next) === saved.current.text && !underWay.current) setState({ kind: "saved" });
    else if (!underWay.current) setState({ kind: "changed" });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void latestSave.current(), waitMs);
  }

  // What isn't saved yet is saved when its author goes elsewhere in the console, and warned about when they leave it.
  const isOpen = state.kind !== "saved";
  useEffect(() => () => void (timer.current && latestSave.current()), []);
  useEffect(() => {
    if (!isOpen) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [isOpen]);

  return {
    draft,
    state,
    setDraft,
    save,
    settled,
    takeTheirs(theirs: Template) {
      adopt(theirs);
      latest.current = theirs.draft;
      setShown(theirs.draft);
      setState({ kind: "saved" });
    },
    keepMine(theirs: Template) {
      saved.current.updatedAt = theirs.updatedAt;
      saved.current.text = canonical(theirs.draft);
      return save();
    },
  };
}
export type TemplateDraft = ReturnType<typeof useTemplateDraft>;
