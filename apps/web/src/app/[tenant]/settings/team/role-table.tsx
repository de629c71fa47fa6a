import { type Action, actions, can, roles } from "@tidings/shared/roles";
import { Check, Minus } from "lucide-react";
import { Card } from "../../../../ui/card";

/** What each role may do: the table that the server asks, too. */
export function RoleTable() {
  return (
    <Card className="overflow-x-auto">
      <table className="w-full min-w-xl text-sm">
        <caption className="sr-only">What each role may do</caption>
        <thead>
          <tr className="border-line border-b text-left text-ink-muted">
            <th scope="col" className="px-4 py-2 font-medium">
              May
            </th>
            {roles.map((role) => (
              <th key={role} scope="col" className="px-2 py-2 text-center font-medium capitalize">
                {role}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {(Object.keys(actions) as Action[]).map((action) => (
            <tr key={action}>
              <th scope="row" className="px-4 py-1.5 text-left font-normal">
                {actions[action]}
              </th>
              {roles.map((role) => (
                <td key={role} className="px-2 py-1.5 text-center">
                  {can(role, action) ? (
                    <Check role="img" aria-label="yes" className="mx-auto size-4 text-good" />
                  ) : (
                    <Minus role="img" aria-label="no" className="mx-auto size-4 text-ink-muted" />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
