/**
 * Ends the session of this browser; the next page is loaded anew, so that nothing seen stays in memory.
 * @param next a path of the console
 */
export async function signOut(next = "/sign-in"): Promise<void> {
  await fetch("/api/auth/sign-out", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  window.location.assign(next);
}
