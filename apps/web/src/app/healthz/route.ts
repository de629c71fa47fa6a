/** For load balancers and containers: the console's own process answers. */
export function GET(): Response {
  return Response.json({ status: "ok" });
}
