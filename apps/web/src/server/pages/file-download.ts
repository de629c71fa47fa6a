import type { House } from "../house";

const types = { csv: "text/csv; charset=utf-8", json: "application/json; charset=utf-8" };

/**
 * A file that is written while it is sent, at the reader's pace.
 * @param filename what its type is told by
 * @param pieces of the file; what they throw breaks the download off, and browsers say so
 */
export function fileDownload(
  filename: `${string}.${keyof typeof types}`,
  pieces: AsyncGenerator<string>,
  { logger }: Pick<House, "logger">,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (err) {
        logger.error({ err, filename }, "download broke off");
        controller.error(err);
      }
    },
    cancel: async () => void (await pieces.return(undefined)),
  });
  return new Response(body, {
    headers: {
      "Content-Type": filename.endsWith(".csv") ? types.csv : types.json,
      "Content-Disposition": `attachment; filename="${filename}"`,
      "Cache-Control": "no-store",
    },
  });
}
