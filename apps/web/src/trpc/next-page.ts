/** How a list goes on: for `infiniteQueryOptions` of whatever answers with `nextCursor`, on the server and in the browser. */
export const nextPage = {
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor,
};
