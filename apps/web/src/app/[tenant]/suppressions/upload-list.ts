/** What an import came to; `faults` are the first hundred refused lines. */
export interface ImportResult {
  read: number;
  added: number;
  known: number;
  refused: number;
  faults: { line: number; message: string }[];
}

/** Why an upload failed, shaped like a tRPC error so that `failureOf` reads it. */
class UploadFailed extends Error {
  constructor(
    message: string,
    readonly data: unknown = {},
  ) {
    super(message);
  }
}

/**
 * Sends a list and waits for what came of it. Not by `fetch`, which can't tell how much of a body has left.
 * @param onProgress told the share that was sent, 0 to 1
 */
export function uploadList(
  url: string,
  list: File,
  onProgress: (share: number) => void,
): { result: Promise<ImportResult>; stop: () => void } {
  const request = new XMLHttpRequest();
  const result = new Promise<ImportResult>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      const answer = request.response as (ImportResult & { message?: string; data?: unknown }) | null;
      if (request.status === 200 && answer) resolve(answer);
      else reject(new UploadFailed(answer?.message ?? `The server answered ${request.status}.`, answer?.data));
    };
    request.onerror = () => reject(new UploadFailed("The connection broke off. Importing the list again is harmless."));
    request.onabort = () =>
      reject(new UploadFailed("Stopped. Lines up to there may have been added; importing the list again is harmless."));
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "text/csv");
    request.send(list);
  });
  return { result, stop: () => request.abort() };
}
