/** Ends the session of this browser and goes to the front door; the page is loaded anew, so that nothing seen stays in memory. */
export async function signOut(): Promise<void> {
  await fetch("/api/auth/sign-out", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
  window.location.assign("/sign-in");
}
