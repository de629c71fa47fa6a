import { auth } from "../../../../server/auth/auth";
import { withWait } from "../../../../server/auth/slowed";
import { addressHeader, visitorAddress } from "../../../../server/auth/visitor-address";
import { house } from "../../../../server/house";
import { isForeign } from "../../../../server/same-origin";

/** Signing up, in and out, and what people change of their own accounts. */
async function handle(request: Request): Promise<Response> {
  if (request.method !== "GET" && isForeign(request)) return new Response("Not from this site.", { status: 403 });
  const headers = new Headers(request.headers);
  const address = visitorAddress(headers, house().settings.TRUSTED_PROXIES);
  if (address) headers.set(addressHeader, address);
  else headers.delete(addressHeader);
  return withWait(await auth().handler(new Request(request, { headers })));
}

export { handle as GET, handle as POST };
