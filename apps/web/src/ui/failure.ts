/** What went wrong, in words for a person; `errors` belong to what was filled in. */
export interface Failure {
  message: string;
  /** Finds it in the server's log. */
  requestId?: string | undefined;
  /** The code of the refusal, when it was one. */
  code?: string | undefined;
  /** Per field: a JSON pointer (RFC 6901) into what was sent, and what is wrong there. */
  errors?: readonly { pointer: string; message: string }[] | undefined;
}

/** Reads whatever was thrown; a tRPC error carries `requestId`, `code` and `errors` of the problem in its `data`. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { message: "Something went wrong" };
  const data = "data" in thrown && typeof thrown.data === "object" && thrown.data !== null ? thrown.data : {};
  return {
    message: thrown.message,
    ...("requestId" in data && typeof data.requestId === "string" && { requestId: data.requestId }),
    ...("code" in data && typeof data.code === "string" && { code: data.code }),
    ...("errors" in data && Array.isArray(data.errors) && { errors: data.errors.filter(isFieldError) }),
  };
}

/** Whether asking again may well succeed: nothing answered, or the server could not for now. A refusal stands. */
export function isPassing(thrown: unknown): boolean {
  const data = thrown instanceof Error && "data" in thrown ? thrown.data : null;
  const status = typeof data === "object" && data !== null && "httpStatus" in data ? data.httpStatus : null;
  return typeof status !== "number" || status >= 500;
}

function isFieldError(value: unknown): value is { pointer: string; message: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "pointer" in value &&
    "message" in value &&
    typeof value.pointer === "string" &&
    typeof value.message === "string"
  );
}
