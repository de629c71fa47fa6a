import { mayGive, type Role, roles } from "@tidings/shared/roles";
import { useTenant } from "../../../../shell/tenant-context";
import { RadioGroup } from "../../../../ui/radio-group";
import { roleName, roleWords } from "./role-words";

/** Roles to choose from, each with what it is for: only who may make owners is offered that. */
export function RoleChoice({ value, onValueChange }: { value: Role; onValueChange: (role: Role) => void }) {
  const tenant = useTenant();
  const offered = roles.filter((role) => mayGive(tenant.role, role));
  return (
    <RadioGroup
      label="Role"
      look="cards"
      value={value}
      onValueChange={onValueChange}
      options={offered.map((role) => ({ value: role, label: roleName(role), help: roleWords[role] }))}
    />
  );
}
