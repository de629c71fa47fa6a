/**
 * Does something again and again, so many at once, for so long.
 * @returns how often a second it was done
 */
export async function closedLoop(
  work: (index: number) => Promise<unknown>,
  { atOnce, seconds }: { atOnce: number; seconds: number },
): Promise<number> {
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let begun = 0;
  async function keepOn(): Promise<void> {
    while (performance.now() < endsAt) await work(begun++);
  }
  await Promise.all(Array.from({ length: atOnce }, keepOn));
  return (begun / (performance.now() - startedAt)) * 1_000;
}
