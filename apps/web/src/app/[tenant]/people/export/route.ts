import { readPage } from "@tidings/core/page";
import { exportPerson } from "@tidings/core/people/export-person";
import { exportPersonBody, type PublicPersonExport } from "@tidings/core/people/person-schemas";
import { fileDownload } from "../../../../server/pages/file-download";
import { tenantRoute } from "../../../../server/pages/tenant-route";

const notificationsAtOnce = 100;

/** Everything stored of a person, as one JSON file. `?id=…`, or addresses under the names of their fields. */
export const GET = tenantRoute(
  { action: "recipients.erase", audit: "person.exported", query: exportPersonBody.shape.person },
  async ({ house, owner, query: person, audit }) => {
    const pageFrom = (cursor?: string) =>
      exportPerson(house.database, owner.tenantId, person, readPage({ limit: notificationsAtOnce, cursor }));
    const first = await pageFrom();
    audit({ target: person.id ?? Object.values(person)[0] ?? null });
    return fileDownload("person.json", written(first, pageFrom), house);
  },
);

/** One JSON document; only inbox items, which stand at its end, are held until all notifications are written. */
async function* written(
  first: PublicPersonExport,
  pageFrom: (cursor: string) => Promise<PublicPersonExport>,
): AsyncGenerator<string> {
  const { recipients, suppressions } = first;
  yield `{"recipients":${JSON.stringify(recipients)},\n"suppressions":${JSON.stringify(suppressions)},\n"notifications":[`;
  const inbox: PublicPersonExport["inbox"] = [];
  let separator = "";
  for (let page = first; ; page = await pageFrom(page.nextCursor)) {
    for (const notification of page.notifications) {
      yield `${separator}${JSON.stringify(notification)}`;
      separator = ",\n";
    }
    inbox.push(...page.inbox);
    if (page.nextCursor === null) break;
  }
  yield `],\n"inbox":${JSON.stringify(inbox)}}\n`;
}
