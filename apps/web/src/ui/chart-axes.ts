/** What the axes of all charts have in common. */
export const tickStyle = { fill: "var(--color-ink-muted)", fontSize: 12 };
export const axisStyle = { stroke: "var(--color-line-strong)" };
export const margin = { top: 8, right: 8, bottom: 0, left: 0 };
