/** Filters as the server takes them: without those that are not set. */
export function given<Filters extends Record<string, string | null>>(filters: Filters) {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as {
    [Name in keyof Filters]?: NonNullable<Filters[Name]>;
  };
}
