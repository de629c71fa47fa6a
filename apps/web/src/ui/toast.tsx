"use client";

import { Toast as Base } from "@base-ui/react/toast";
import { CircleCheck, CircleX, X } from "lucide-react";
import { buttonStyles } from "./button";
import { IconButton } from "./icon-button";

const manager = Base.createToastManager();

interface ToastOptions {
  description?: string;
  /** Takes it back, or goes on: one button. */
  action?: { label: string; onClick: () => void };
}

function show(type: "good" | "bad", title: string, { description, action }: ToastOptions = {}) {
  const id: string = manager.add({
    title,
    type,
    description,
    priority: type === "bad" ? "high" : "low",
    timeout: action || type === "bad" ? 10_000 : 4_000,
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          action.onClick();
          manager.close(id);
        },
      },
    }),
  });
}

/** Says in a corner what has just happened, from anywhere in the browser. What must not be missed is a `Callout`. */
export const toast = {
  good: (title: string, options?: ToastOptions) => show("good", title, options),
  bad: (title: string, options?: ToastOptions) => show("bad", title, options),
};

/** Where toasts appear; once, in the layout. */
export function Toaster() {
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Base.Viewport className="fixed inset-x-4 bottom-4 z-60 flex flex-col gap-2 outline-none sm:left-auto sm:w-90">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function Toasts() {
  const { toasts } = Base.useToastManager();
  return toasts.map((one) => (
    <Base.Root key={one.id} toast={one} swipeDirection={["down", "right"]} className="pop data-limited:hidden">
      <Base.Content className="flex items-start gap-2.5 py-2.5 pr-2 pl-3">
        {one.type === "bad" ? (
          <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        ) : (
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-good" />
        )}
        <div className="wrap-anywhere min-w-0 flex-1">
          <Base.Title className="font-medium text-base" />
          <Base.Description className="text-ink-muted text-sm" />
        </div>
        {one.actionProps && <Base.Action className={buttonStyles({ size: "sm" })} />}
        <Base.Close render={<IconButton label="Dismiss" icon={<X aria-hidden />} size="sm" className="-my-1" />} />
      </Base.Content>
    </Base.Root>
  ));
}
