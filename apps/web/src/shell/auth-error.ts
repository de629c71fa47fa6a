/**
 * What went wrong with a call of the auth endpoints, as forms show it.
 * @param answer its HTTP status, and the server's words where it had some
 */
export function authErrorOf({ status, message }: { status: number; message?: string | undefined }): Error {
  const slowed = status === 429 && "Too many tries. Wait a minute, then try again.";
  return new Error(slowed || message || "The server did not answer. Try again.");
}
