import { expect, test } from "vitest";
import { claimDeliveries } from "../pipeline/claim-deliveries";
import { updateTenant } from "../tenants/update-tenant";
import { startReceipts, type Written } from "./testing/start-receipts";

const { at, database, written } = await startReceipts();

async function tracked() {
  const [{ id }] = (await written(["QUEUED"])) as [Written];
  const [claim] = await claimDeliveries(database, [{ id, tenantId: at.tenantId }]);
  if (!claim || !("delivery" in claim)) throw new Error("the claim was lost");
  const { tracksOpens, tracksClicks } = claim.delivery;
  return { tracksOpens, tracksClicks };
}

test("opens and clicks are tracked of a tenant that asked for it, each by itself", async () => {
  expect(await tracked()).toEqual({ tracksOpens: false, tracksClicks: false });
  await updateTenant(database, at.tenantId, { tracksOpens: true });
  expect(await tracked()).toEqual({ tracksOpens: true, tracksClicks: false });
  await updateTenant(database, at.tenantId, { tracksOpens: false, tracksClicks: true });
  expect(await tracked()).toEqual({ tracksOpens: false, tracksClicks: true });
});
