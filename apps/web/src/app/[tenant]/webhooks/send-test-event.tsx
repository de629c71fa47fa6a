"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { exampleOf, type ReportEventType, reportEventTypes } from "@tidings/shared/report-events";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { Combobox } from "../../../ui/combobox";
import { Dialog } from "../../../ui/dialog";
import { Field } from "../../../ui/field";
import { JsonView } from "../../../ui/json-view";
import type { Endpoint } from "./endpoint-words";
import { meaningOf } from "./event-words";
import { useReportPlace } from "./use-report-place";

const options = reportEventTypes.map((type) => ({ value: type, label: type }));

/** Posts an example of an event, and opens its report to show how it went. */
export function SendTestEvent(props: { endpoint: Endpoint; open: boolean; onOpenChange: (open: boolean) => void }) {
  const { endpoint, open, onOpenChange } = props;
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [, setPlace] = useReportPlace();
  const [type, setType] = useState<ReportEventType>("test.ping");
  const send = useMutation(
    trpc.webhooks.test.mutationOptions({
      onSuccess: (report) => {
        onOpenChange(false);
        void setPlace({ report: report.id, tab: "reports" });
        return queryClient.invalidateQueries({ queryKey: trpc.webhooks.reports.pathKey() });
      },
    }),
  );

  return (
    <Dialog
      title="Send a test event"
      description="An example, signed and retried like any other. It comes whether or not the endpoint asked for such events."
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <Button
          variant="primary"
          busy={send.isPending}
          onClick={() => send.mutate({ ...tenant.input, id: endpoint.id, type })}
        >
          Send test event
        </Button>
      }
    >
      <div className="space-y-4">
        <Field label="Event" help={meaningOf(type)}>
          <Combobox options={options} value={type} onValueChange={(value) => value && setType(value)} />
        </Field>
        <JsonView label="What it is sent" value={exampleOf(type)} />
        {send.isError && <Callout tone="bad">{send.error.message}</Callout>}
      </div>
    </Dialog>
  );
}
