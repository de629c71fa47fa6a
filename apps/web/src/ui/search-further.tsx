import { RelativeTime } from "./time";

export interface SearchFurtherProps {
  /** An infinite query whose pages each search a bounded span. */
  list: { hasNextPage: boolean; fetchNextPage(): unknown };
  /** How far back it has come; null where nothing is searched for. */
  searchedTo: string | null | undefined;
}

/** How far a search has come, and the way on; nothing at its end. */
export function SearchFurther({ list, searchedTo }: SearchFurtherProps) {
  if (!searchedTo || !list.hasNextPage) return null;
  return (
    <p className="py-3 text-center text-ink-muted text-sm">
      Searched back to <RelativeTime at={searchedTo} />.{" "}
      <button type="button" className="cursor-pointer underline" onClick={() => void list.fetchNextPage()}>
        Search further
      </button>
    </p>
  );
}
