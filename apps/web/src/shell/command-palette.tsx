"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { ArrowLeftRight, BookOpen, CornerDownLeft, type LucideIcon, Search, ServerCog, UserRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { useTRPC } from "../trpc/client";
import { scrimStyles } from "../ui/dialog";
import { Spinner } from "../ui/spinner";
import { useModeSwitch } from "./mode-switch";
import { pages } from "./navigation";
import { useTenant } from "./tenant-context";

const itemStyles =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 text-sm data-[selected=true]:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-muted";
const groupStyles =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-muted [&_[cmdk-group-heading]]:text-xs";

/** Goes anywhere, and finds a thing by its id, key, name or address. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const trpc = useTRPC();
  const { input, mode, can, href, person, apiUrl } = useTenant();
  const switchMode = useModeSwitch();
  const otherMode = mode === "live" ? "test" : "live";
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const found = useQuery(
    trpc.find.anything.queryOptions({ ...input, q }, { enabled: q.length >= 2, placeholderData: keepPreviousData }),
  );

  function go(path: string) {
    onClose();
    router.push(path);
  }

  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={scrimStyles} />
        <Base.Popup className="pop fixed inset-x-2 top-[10dvh] z-50 mx-auto max-w-xl overflow-hidden">
          <Base.Title className="sr-only">Find anything</Base.Title>
          <Command shouldFilter={false} label="Find anything">
            <div className="flex items-center gap-2.5 border-line border-b px-4">
              {found.isFetching ? <Spinner /> : <Search aria-hidden className="size-4 text-ink-muted" />}
              <Command.Input
                autoFocus
                value={text}
                onValueChange={setText}
                placeholder="A page, or an id, address, template key …"
                className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none pointer-coarse:text-lg"
              />
            </div>
            <Command.List className="max-h-[60dvh] overflow-y-auto p-2">
              {q.length >= 2 && !found.isFetching && (
                <Command.Empty className="px-2 py-6 text-center text-ink-muted text-sm">
                  Nothing here is called “{q}”.
                </Command.Empty>
              )}
              {q.length >= 2 && Boolean(found.data?.length) && (
                <Command.Group heading="Found" className={groupStyles}>
                  {found.data?.map(({ kind, id, title, detail, path }) => (
                    <Command.Item
                      key={`${kind} ${id}`}
                      value={`${kind} ${id}`}
                      onSelect={() => go(href(path))}
                      className={itemStyles}
                    >
                      <CornerDownLeft aria-hidden />
                      <span className="min-w-0 flex-1 truncate">{title}</span>
                      <span className="max-w-1/2 truncate text-ink-muted text-xs">{detail}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Pages" className={groupStyles}>
                {pages
                  .filter(
                    ({ action, name, words }) =>
                      can(action) && `${name} ${words ?? ""}`.toLowerCase().includes(q.toLowerCase()),
                  )
                  .map(({ path, name, icon }) => (
                    <PageItem key={path} name={name} icon={icon} onSelect={() => go(href(path))} />
                  ))}
                {"your account password two-factor sessions".includes(q.toLowerCase()) && (
                  <PageItem name="Your account" icon={UserRound} onSelect={() => go("/account")} />
                )}
                {`switch to ${otherMode} mode`.includes(q.toLowerCase()) && (
                  <PageItem
                    name={`Switch to ${otherMode} mode`}
                    icon={ArrowLeftRight}
                    onSelect={() => {
                      onClose();
                      switchMode(otherMode);
                    }}
                  />
                )}
                {"api reference docs documentation".includes(q.toLowerCase()) && (
                  <PageItem name="API reference" icon={BookOpen} onSelect={() => window.open(`${apiUrl}/docs`)} />
                )}
                {person.isOperator && "operator platform".includes(q.toLowerCase()) && (
                  <PageItem name="Operator" icon={ServerCog} onSelect={() => go("/operator")} />
                )}
              </Command.Group>
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function PageItem({ name, icon: Icon, onSelect }: { name: string; icon: LucideIcon; onSelect: () => void }) {
  return (
    <Command.Item value={`page ${name}`} onSelect={onSelect} className={itemStyles}>
      <Icon aria-hidden />
      {name}
    </Command.Item>
  );
}
