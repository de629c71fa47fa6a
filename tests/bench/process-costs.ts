import { readdirSync, readFileSync } from "node:fs";

/** What a process, with its children, cost over a time. */
export interface Cost {
  /** Share of one core, 1 being all of it. */
  cores: number;
  /** Largest resident set that was seen, in MB. */
  maxRssMb: number;
}

/** Kernel ticks a second in /proc, on every Linux that Node runs on. */
const ticksPerSecond = 100;
const pageBytes = 4_096;
const sampleEveryMs = 500;

interface Sample {
  cpuSeconds: number;
  rssMb: number;
}

/**
 * Watches processes, read from /proc: elsewhere costs are left out.
 * @param pids asked again at each sample, since a process may be restarted
 * @returns ends it and tells the costs by name
 */
export function watchCosts(pids: Readonly<Record<string, () => number | undefined>>): () => Record<string, Cost> {
  const startedAt = performance.now();
  const busyBefore = busySeconds();
  const begin = sampleAll(pids);
  const spent = new Map<string, number>();
  const before = new Map(begin);
  const maxRss = new Map<string, number>();
  function sample(): void {
    for (const [name, { cpuSeconds, rssMb }] of sampleAll(pids)) {
      // A process that was restarted counts from nothing again.
      const gained = Math.max(0, cpuSeconds - (before.get(name)?.cpuSeconds ?? 0));
      spent.set(name, (spent.get(name) ?? 0) + gained);
      before.set(name, { cpuSeconds, rssMb });
      maxRss.set(name, Math.max(maxRss.get(name) ?? 0, rssMb));
    }
  }
  const timer = setInterval(sample, sampleEveryMs);
  return () => {
    clearInterval(timer);
    sample();
    const seconds = (performance.now() - startedAt) / 1_000;
    const costs: [string, Cost][] = [...maxRss].map(([name, maxRssMb]) => [
      name,
      { cores: (spent.get(name) ?? 0) / seconds, maxRssMb },
    ]);
    const ours = costs.reduce((sum, [, { cores }]) => sum + cores, 0);
    // Whatever else ran on the machine: much of it, and the figures are not worth telling.
    const others = Math.max(0, (busySeconds() - busyBefore) / seconds - ours);
    return Object.fromEntries(
      costs.length === 0 ? [] : [...costs, ["everything else", { cores: others, maxRssMb: 0 }]],
    );
  };
}

/** Seconds all cores together were not idle, what the host took away (steal) included: the first line of /proc/stat. */
function busySeconds(): number {
  if (process.platform !== "linux") return 0;
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = line.split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softIrq + steal) / ticksPerSecond;
}

function sampleAll(pids: Readonly<Record<string, () => number | undefined>>): Map<string, Sample> {
  const samples = new Map<string, Sample>();
  if (process.platform !== "linux") return samples;
  const stats = readStats();
  for (const [name, pidOf] of Object.entries(pids)) {
    const pid = pidOf();
    const own = pid === undefined ? undefined : stats.get(pid);
    if (!own) continue;
    let { cpuSeconds, rssMb } = own;
    for (const { parent, ...child } of stats.values()) {
      if (parent !== pid) continue;
      cpuSeconds += child.cpuSeconds; // Postgres' backends
      rssMb = Math.max(rssMb, child.rssMb); // they share most of it
    }
    samples.set(name, { cpuSeconds: cpuSeconds + own.reapedSeconds, rssMb });
  }
  return samples;
}

function readStats(): Map<number, Sample & { parent: number; reapedSeconds: number }> {
  const stats = new Map<number, Sample & { parent: number; reapedSeconds: number }>();
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    let text: string;
    try {
      text = readFileSync(`/proc/${pid}/stat`, "utf8");
    } catch {
      continue; // it ended meanwhile
    }
    // proc(5): the fields after the name, which stands in parentheses, begin with the third.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
    stats.set(pid, {
      parent: fields[1] ?? 0,
      cpuSeconds: (user + system) / ticksPerSecond,
      reapedSeconds: (childUser + childSystem) / ticksPerSecond,
      rssMb: ((fields[21] ?? 0) * pageBytes) / 1e6,
    });
  }
  return stats;
}
