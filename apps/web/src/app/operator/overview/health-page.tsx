"use client";

import { PageHeader } from "../../../ui/page-header";
import { EventLog } from "./event-log";
import { Processes } from "./processes";
import { Providers } from "./providers";
import { Queues } from "./queues";
import { Stores } from "./stores";
import { Sweep } from "./sweep";
import { Throughput } from "./throughput";
import { Verdict } from "./verdict";

/** Everything about the platform's health, each part by itself: what is away hides nothing else. */
export function HealthPage() {
  return (
    <>
      <PageHeader
        title="Is the platform healthy?"
        description="Over all tenants, refreshed every few seconds. Each part says what it means, and what to do when it is bad."
      />
      <div className="space-y-8">
        <Verdict />
        <Throughput />
        <Processes />
        <EventLog />
        <Queues />
        <Sweep />
        <Providers />
        <Stores />
      </div>
    </>
  );
}
