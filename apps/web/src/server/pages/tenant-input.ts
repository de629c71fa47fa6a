import type { Mode } from "@tidings/shared/modes";
import { cookies } from "next/headers";
import { modeCookie, modeOf } from "../../shell/mode";

/** What the input of every procedure of a tenant begins with, for prefetching on the server what `useTenant().input` asks for. */
export async function tenantInput(params: Promise<{ tenant: string }>): Promise<{ tenant: string; mode: Mode }> {
  return { tenant: (await params).tenant, mode: modeOf((await cookies()).get(modeCookie)?.value) };
}
