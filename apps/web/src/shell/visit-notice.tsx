"use client";

import { useMutation } from "@tanstack/react-query";
import { LifeBuoy } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useTRPC } from "../trpc/client";
import { Button } from "../ui/button";
import { failureOf } from "../ui/failure";
import { RelativeTime } from "../ui/time";
import { toast } from "../ui/toast";
import { useTenant } from "./tenant-context";

/** Tells an operator that this is somebody else's tenant, and for how long; it ends by itself. */
export function VisitNotice({ visit }: { visit: { reason: string; until: string } }) {
  const { name, slug } = useTenant();
  const trpc = useTRPC();
  const router = useRouter();
  const back = `/operator/tenants/${slug}`;
  const end = useMutation(
    trpc.tenants.endVisit.mutationOptions({
      onSuccess: () => router.push(back),
      onError: (error) => void toast.bad(failureOf(error).message),
    }),
  );
  useEffect(() => {
    const timer = setTimeout(() => router.push(back), Math.max(0, Date.parse(visit.until) - Date.now()));
    return () => clearTimeout(timer);
  }, [visit.until, back, router]);

  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-b bg-accent-soft px-4 py-1.5 text-sm sm:px-6">
      <LifeBuoy aria-hidden className="size-4 shrink-0" />
      <p className="wrap-anywhere min-w-0 flex-1">
        You visit <span className="font-medium">{name}</span> as an operator, to look and not to change: “{visit.reason}
        ”. It ends <RelativeTime at={visit.until} />, and its team reads of it in the audit log.
      </p>
      <Button size="sm" busy={end.isPending} onClick={() => end.mutate({ slug })}>
        End visit
      </Button>
    </div>
  );
}
