/** Priority classes, most urgent first. The position in this list is the `priority` stored with a row (0 = critical). */
export const priorities = ["critical", "high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];

/** The number stored for a priority, 0 (critical) to 3 (low). */
export function priorityRank(priority: Priority): number {
  return priorities.indexOf(priority);
}

/**
 * The priority a stored rank stands for.
 * @throws {RangeError} when no priority has that rank (a corrupt row, never input)
 */
export function priorityOf(rank: number): Priority {
  const priority = priorities[rank];
  if (!priority) throw new RangeError(`no priority has rank ${rank}`);
  return priority;
}
