import { atMost, type Figure } from "./bench";
import type { Cost } from "./process-costs";

const maxRssMb = 300;
const ours = /^(api|consumer|worker|urgent worker)/;

/** The largest resident set of our processes over the phases of a run; nothing where /proc is missing. */
export function memoryFigures(costs: Readonly<Record<string, Readonly<Record<string, Cost>>>>): Figure[] {
  const sizes = Object.values(costs).flatMap((processes) =>
    Object.entries(processes).flatMap(([name, cost]) => (ours.test(name) ? [{ name, mb: cost.maxRssMb }] : [])),
  );
  const [largest] = sizes.sort((one, other) => other.mb - one.mb);
  if (!largest) return [];
  const { name, mb } = largest;
  return [
    {
      what: `memory of our largest process, the ${name}`,
      value: mb,
      unit: "MB",
      promise: atMost(mb, maxRssMb, `≤ ${maxRssMb} MB`),
    },
  ];
}
