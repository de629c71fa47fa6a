import { createContext } from "../../../../server/context";
import { previewFrameResponse, readPreviewFrame } from "../../../../server/previews/preview-frame";

/** A rendered email, for the sandboxed frame in which its author looks at it. Its headers are its own: see `proxy.ts`. */
export async function GET(request: Request, { params }: RouteContext<"/api/preview/[token]">): Promise<Response> {
  const { house, signedIn } = createContext(request.headers);
  const [session, { token }] = await Promise.all([signedIn(), params]);
  return previewFrameResponse(session && (await readPreviewFrame(house, session.user.id, token)));
}
