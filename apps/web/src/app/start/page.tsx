import { redirect } from "next/navigation";
import { requireMe } from "../../server/pages/require-me";

/** Leads a signed-in person to a tenant of theirs. */
export default async function StartPage() {
  const { tenants, isOperator } = await requireMe();
  const [first] = tenants;
  if (first) redirect(`/${first.slug}`);
  redirect(isOperator ? "/operator" : "/new");
}
