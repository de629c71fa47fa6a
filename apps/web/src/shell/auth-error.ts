/**
 * What went wrong with a call of the auth endpoints, as forms show it.
 * @param answer the server's words where it had some
 */
export function authErrorOf({ message }: { message?: string | undefined }): Error {
  return new Error(message || "The server did not answer. Try again.");
}
