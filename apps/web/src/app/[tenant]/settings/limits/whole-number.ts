/** What was typed as a number; null for nothing. What is no number stays none, and the server says what is wrong with it. */
export function wholeNumber(typed: string): number | null {
  const text = typed.trim().replaceAll(/[\s,.’']/g, "");
  if (text === "") return null;
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
}
