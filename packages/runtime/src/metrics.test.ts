import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics";

describe("metrics", () => {
  it("prints what stages counted, labelled with the process", async () => {
    const metrics = createMetrics({ process: "worker" });
    metrics.attempted.inc({ channel: "email", provider: "smtp", outcome: "sent" });
    metrics.stageSeconds.observe({ stage: "deliver" }, 0.0009);
    const { body, contentType } = await metrics.scrape();
    expect(contentType).toContain("text/plain");
    expect(body).toContain(
      'tidings_attempted_total{channel="email",provider="smtp",outcome="sent",process="worker"} 1',
    );
    expect(body).toContain('tidings_stage_seconds_bucket{le="0.001",process="worker",stage="deliver"} 1');
    expect(body).toContain("nodejs_eventloop_lag_seconds");
  });

  it("samples gauges at each scrape, whatever happens to one of them", async () => {
    const metrics = createMetrics({ process: "consumer" });
    let lag = 7;
    metrics.sample(() => {
      throw new Error("no broker");
    });
    metrics.sample(async () => metrics.lag.set({ topic: "t" }, lag++));
    await metrics.scrape();
    const { body } = await metrics.scrape();
    expect(body).toContain('tidings_event_log_lag{topic="t",process="consumer"} 8');
    expect(body).toContain('tidings_sample_failures_total{process="consumer"} 2');
  });

  it("keeps registries apart", async () => {
    const [one, other] = [createMetrics({ process: "one" }), createMetrics({ process: "other" })];
    one.accepted.inc();
    expect((await other.scrape()).body).toContain('tidings_accepted_total{process="other"} 0');
  });
});
