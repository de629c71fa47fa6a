/** A sample of a process's metrics: its name, what it is of, its value. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/**
 * The samples of a process that begin like one of some names, from what it answers Prometheus.
 * @returns null when it does not answer in time, or answers something else
 */
export async function readCounters(
  baseUrl: string,
  names: readonly string[],
  timeoutMs: number,
): Promise<Sample[] | null> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`${baseUrl}/metrics`, { cache: "no-store", redirect: "manual", signal });
    if (response.status !== 200) return null;
    return parseSamples(await response.text(), names);
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return null; // no connection; time is up
    throw error;
  }
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Prometheus' text format, as far as counters and gauges go ({@link https://prometheus.io/docs/instrumenting/exposition_formats/}). */
function parseSamples(text: string, names: readonly string[]): Sample[] {
  return text.split("\n").flatMap((one) => {
    const [, name = "", labels = "", value = ""] = line.exec(one) ?? [];
    if (!names.includes(name)) return [];
    const pairs = [...labels.matchAll(label)].map(([, key = "", text = ""]) => [key, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}
