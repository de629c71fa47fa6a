"use client";

import { Menu as MenuIcon, Search } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { Button } from "../ui/button";
import { IconButton } from "../ui/icon-button";
import { Kbd } from "../ui/kbd";
import { Sheet } from "../ui/sheet";
import { ModeSwitch } from "./mode-switch";
import { PersonMenu } from "./person-menu";
import { Sidebar } from "./sidebar";
import { useTenant } from "./tenant-context";
import { useShortcuts } from "./use-shortcuts";
import { VerifyNotice } from "./verify-notice";
import { VisitNotice } from "./visit-notice";

const CommandPalette = dynamic(() => import("./command-palette").then((module) => module.CommandPalette), {
  ssr: false,
});
const KeysHelp = dynamic(() => import("./keys-help").then((module) => module.KeysHelp), { ssr: false });

/** What stands around every page of a tenant: sidebar, header, palette. In test mode its colour says so. */
export function Frame({ children }: { children: ReactNode }) {
  const { mode, person, visit } = useTenant();
  const [opened, setOpened] = useState<"navigation" | "palette" | "keys" | null>(null);
  const close = (open: boolean) => !open && setOpened(null);
  useShortcuts({ onPalette: () => setOpened("palette"), onHelp: () => setOpened("keys") });

  return (
    <div data-mode={mode} className="min-h-dvh bg-frame lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#page"
        className="sr-only rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60"
      >
        Skip to the page
      </a>
      <aside className="sticky top-0 hidden h-dvh border-frame-line border-r p-3 lg:block">
        <Sidebar onNavigate={() => {}} />
      </aside>
      <div className="flex min-h-dvh min-w-0 flex-col">
        <header className="sticky top-0 z-30 bg-frame">
          <div className="flex h-14 items-center gap-2 border-frame-line border-b px-4 sm:px-6 lg:px-8">
            <IconButton
              label="Pages"
              icon={<MenuIcon aria-hidden />}
              className="-ml-2 lg:hidden"
              onClick={() => setOpened("navigation")}
            />
            <Button
              className="min-w-0 flex-1 justify-start text-ink-muted sm:max-w-72"
              onClick={() => setOpened("palette")}
              aria-keyshortcuts="Meta+K Control+K"
            >
              <Search aria-hidden />
              <span className="flex-1 truncate text-left font-normal">Find anything</span>
              <span className="hidden sm:block">
                <Kbd>⌘K</Kbd>
              </span>
            </Button>
            <div className="ml-auto flex items-center gap-3">
              <ModeSwitch />
              <PersonMenu person={person} onKeys={() => setOpened("keys")} />
            </div>
          </div>
          {visit && <VisitNotice visit={visit} />}
          {mode === "test" && (
            <p className="border-frame-line border-b px-4 py-1 text-center text-warn text-xs sm:px-6">
              Test mode: messages run through the whole pipeline and end in the sandbox. Nobody receives them.
            </p>
          )}
        </header>
        <main id="page" tabIndex={-1} className="flex-1 bg-canvas px-4 py-6 outline-none sm:px-6 lg:px-8">
          <div className="mx-auto w-full max-w-6xl">
            {!person.isVerified && <VerifyNotice email={person.email} />}
            {children}
          </div>
        </main>
      </div>
      <Sheet title="Pages" side="left" size="sm" open={opened === "navigation"} onOpenChange={close}>
        <Sidebar onNavigate={() => setOpened(null)} />
      </Sheet>
      {opened === "palette" && <CommandPalette onClose={() => setOpened(null)} />}
      {opened === "keys" && <KeysHelp onClose={() => setOpened(null)} />}
    </div>
  );
}
