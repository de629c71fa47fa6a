import { openDatabase, type Prisma } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid, uuidOf } from "@tidings/shared/ids";
import { plans, unpaidPlan } from "@tidings/shared/plans";
import type { Role } from "@tidings/shared/roles";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { eraseTenant } from "../tenants/erase-tenant";
import type { OwnMail } from "../tenants/write-mail";
import { acceptInvitation } from "./accept-invitation";
import { cancelInvitation } from "./cancel-invitation";
import { changeRole } from "./change-role";
import { findInvitation } from "./find-invitation";
import { foundTenant } from "./found-tenant";
import { inviteMember } from "./invite-member";
import { leaveTeam } from "./leave-team";
import { listTeam } from "./list-team";
import { membershipsOf } from "./memberships-of";
import { removeMember } from "./remove-member";
import { mostOfTenant, mostToAddress } from "./require-room-to-invite";
import { maxUnpaidTenants } from "./require-room-to-own";
import { requireTwoFactor } from "./require-two-factor";
import { resendInvitation } from "./resend-invitation";

const database = openDatabase({ url: await createTestDatabase(), poolSize: 5, applicationName: "test" });
afterAll(() => database.$disconnect());

const mails: OwnMail[] = [];
const deps = {
  database,
  writeMail: async (mail: OwnMail) => void mails.push(mail),
  consoleUrl: "https://console.example.com",
};

let tenant: Prisma.TenantModel;
let owner: { id: string; name: string; email: string };
let ownerMember: string;

function addUser(email = `${newUuid()}@example.com`) {
  return database.user.create({ data: { id: newUuid(), name: email.split("@")[0] ?? "", email } });
}

async function addMember(role: Role) {
  const user = await addUser();
  const id = newUuid();
  await database.member.create({ data: { id, tenantId: tenant.id, userId: user.id, role } });
  return { id, user };
}

/** The secret in the link of the last mail to an address. */
function linkTo(email: string): string {
  const token = mails.findLast(({ to }) => to === email)?.text.split("/invite/")[1];
  if (!token) throw new Error(`nothing was written to ${email}`);
  return token;
}

const uuidOfInvitation = (id: string) => uuidOf("invitation", id) ?? "";

beforeEach(async () => {
  mails.length = 0;
  tenant = await createTestTenant(database, { plan: "starter" });
  const added = await addMember("owner");
  owner = added.user;
  ownerMember = added.id;
});

describe("an invitation", () => {
  let email: string;
  let invited: Awaited<ReturnType<typeof addUser>>;
  beforeEach(async () => {
    invited = await addUser();
    email = invited.email;
  });

  it("comes by mail and makes who follows its link a member, once", async () => {
    await inviteMember(deps, tenant.id, { email, role: "support" }, owner);
    expect(await findInvitation(database, linkTo(email))).toMatchObject({ email, role: "support", slug: tenant.slug });
    const joined = await acceptInvitation(database, linkTo(email), invited);
    expect(joined).toEqual({ tenantId: tenant.id, slug: tenant.slug, role: "support" });
    expect(await membershipsOf(database, invited.id)).toMatchObject([{ slug: tenant.slug, role: "support" }]);
    expect((await database.user.findUniqueOrThrow({ where: { email } })).emailVerified).toBe(true);
    await expect(acceptInvitation(database, linkTo(email), invited)).rejects.toMatchObject({ code: "not_found" });
    expect(await findInvitation(database, linkTo(email))).toBeNull();
  });

  it("is kept as a hash: the table alone lets nobody in", async () => {
    await inviteMember(deps, tenant.id, { email, role: "viewer" }, owner);
    const [row] = await database.invitation.findMany({ where: { tenantId: tenant.id } });
    expect(JSON.stringify(row)).not.toContain(linkTo(email));
  });

  it("is replaced by the next one to the same address", async () => {
    await inviteMember(deps, tenant.id, { email, role: "viewer" }, owner);
    const before = linkTo(email);
    await inviteMember(deps, tenant.id, { email, role: "admin" }, owner);
    expect(await findInvitation(database, before)).toBeNull();
    expect((await listTeam(database, tenant.id)).invitations).toMatchObject([{ email, role: "admin" }]);
  });

  it("can be sent again with a new link, also when it is too old", async () => {
    const id = await inviteMember(deps, tenant.id, { email, role: "billing" }, owner);
    const before = linkTo(email);
    await database.invitation.updateMany({ where: { tenantId: tenant.id }, data: { expiresAt: new Date(0) } });
    const again = await resendInvitation(deps, tenant.id, uuidOfInvitation(id), owner);
    expect(again).toMatchObject({ email, role: "billing" });
    await expect(acceptInvitation(database, before, invited)).rejects.toMatchObject({ code: "not_found" });
    await expect(acceptInvitation(database, linkTo(email), invited)).resolves.toMatchObject({ role: "billing" });
    const answered = resendInvitation(deps, tenant.id, uuidOfInvitation(again.id), owner);
    await expect(answered).rejects.toMatchObject({ code: "not_found" });
  });

  it("does not work after a week, nor once it was taken back", async () => {
    const id = await inviteMember(deps, tenant.id, { email, role: "viewer" }, owner);
    const [row] = await database.invitation.findMany({ where: { tenantId: tenant.id } });
    expect((row?.expiresAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(6.9 * 24 * 60 * 60_000);
    await database.invitation.updateMany({ where: { tenantId: tenant.id }, data: { expiresAt: new Date() } });
    await expect(acceptInvitation(database, linkTo(email), invited)).rejects.toMatchObject({ code: "not_found" });

    await resendInvitation(deps, tenant.id, uuidOfInvitation(id), owner);
    const [waiting] = (await listTeam(database, tenant.id)).invitations;
    await cancelInvitation(database, tenant.id, uuidOfInvitation(waiting?.id ?? ""));
    await expect(acceptInvitation(database, linkTo(email), invited)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is for its address alone, and another tenant cannot take it back", async () => {
    const id = await inviteMember(deps, tenant.id, { email, role: "viewer" }, owner);
    const stranger = await addUser();
    await expect(acceptInvitation(database, linkTo(email), stranger)).rejects.toMatchObject({ code: "conflict" });
    const other = await createTestTenant(database);
    const uuid = uuidOfInvitation(id);
    await expect(cancelInvitation(database, other.id, uuid)).rejects.toMatchObject({ code: "not_found" });
    await expect(resendInvitation(deps, other.id, uuid, owner)).rejects.toMatchObject({ code: "not_found" });
    expect(await membershipsOf(database, stranger.id)).toEqual([]);
    expect(await findInvitation(database, linkTo(email))).not.toBeNull();
  });

  it("is refused to a member", async () => {
    const body = { email: owner.email, role: "admin" } as const;
    await expect(inviteMember(deps, tenant.id, body, owner)).rejects.toMatchObject({ code: "already_exists" });
  });
});

describe("mails of invitations", () => {
  const invite = (email: string, to = tenant.id) => inviteMember(deps, to, { email, role: "viewer" }, owner);
  const tooMany = { code: "rate_limited", retryAfterSeconds: expect.closeTo(86_400, -2) };
  beforeEach(() => database.tenant.update({ where: { id: tenant.id }, data: { plan: "unlimited" } }));

  it("are so many a day for a tenant, also when the invitations are taken back", async () => {
    for (let count = 0; count < mostOfTenant; count += 1) {
      const id = await invite(`${newUuid()}@example.com`);
      await cancelInvitation(database, tenant.id, uuidOfInvitation(id));
    }
    await expect(invite("late@example.com")).rejects.toMatchObject(tooMany);
    expect(mails).toHaveLength(mostOfTenant);
    const yesterday = { createdAt: new Date(Date.now() - 86_400_000) };
    const [first] = await database.invitation.findMany({ where: { tenantId: tenant.id }, take: 1 });
    await database.invitation.update({ where: { id: first?.id ?? "" }, data: yesterday });
    await expect(invite("late@example.com")).resolves.toMatch(/^inv_/);
  });

  it("are so many a day to one address, whichever teams invite it at once", async () => {
    const email = `${newUuid()}@example.com`;
    const others = await Promise.all(Array.from({ length: 4 }, () => createTestTenant(database)));
    const answers = await Promise.allSettled(others.map(({ id }) => invite(email, id)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(mostToAddress);
    await expect(invite(email)).rejects.toMatchObject(tooMany);
    expect(mails).toHaveLength(mostToAddress);
  });

  it("are so many a day to one address, also when the tenants that sent them are erased", async () => {
    const email = `${newUuid()}@example.com`;
    for (let count = 0; count < mostToAddress; count += 1) {
      const { id, slug } = await createTestTenant(database);
      await invite(email, id);
      const by = { userId: owner.id, actor: owner.email, ipAddress: null, userAgent: null, requestId: null };
      await eraseTenant({ database, billing: null }, id, slug, by);
    }
    await expect(invite(email)).rejects.toMatchObject(tooMany);
    await database.invitationMail.updateMany({ data: { createdAt: new Date(Date.now() - 86_400_000) } });
    await expect(invite(email)).resolves.toMatch(/^inv_/);
  });

  it("are so many a day to one address when the same invitation is sent again", async () => {
    let id = await invite(`${newUuid()}@example.com`);
    const again = () => resendInvitation(deps, tenant.id, uuidOfInvitation(id), owner);
    for (let count = 1; count < mostToAddress; count += 1) ({ id } = await again());
    await expect(again()).rejects.toMatchObject(tooMany);
    expect((await listTeam(database, tenant.id)).invitations).toMatchObject([{ id }]);
  });

  it("say names on one line, in the order they are written, and not at any length", async () => {
    const data = { name: "Shop\r\n\r\nYour account is locked:\u2028\u202Ehttp" };
    await database.tenant.update({ where: { id: tenant.id }, data });
    const inviter = { id: owner.id, name: "W".repeat(10_000) };
    await inviteMember(deps, tenant.id, { email: "one@example.com", role: "viewer" }, inviter);
    const shown = `${"W".repeat(100)} invites you to Shop Your account is locked: http on Tidings`;
    expect(mails[0]?.subject).toBe(shown);
    expect(mails[0]?.text.split("\n")[0]).toContain("the team of Shop Your account is locked: http on Tidings");
  });
});

describe("seats", () => {
  const { seats } = plans.starter;
  const invite = (email: string) => inviteMember(deps, tenant.id, { email, role: "viewer" }, owner);

  it("are taken by members and by invitations that wait, and given back by those that do not", async () => {
    for (let taken = 1; taken < seats; taken += 1) await invite(`seat-${taken}@example.com`);
    await expect(invite("one-more@example.com")).rejects.toMatchObject({ code: "conflict" });
    await expect(invite("seat-1@example.com")).resolves.toMatch(/^inv_/); // it replaces itself
    await database.invitation.updateMany({
      where: { tenantId: tenant.id, email: "seat-2@example.com" },
      data: { expiresAt: new Date() },
    });
    await expect(invite("one-more@example.com")).resolves.toMatch(/^inv_/);
  });

  it("are not overdrawn by two who invite at once", async () => {
    for (let taken = 1; taken < seats - 1; taken += 1) await addMember("viewer");
    const answers = await Promise.allSettled(["a", "b", "c"].map((name) => invite(`${name}@example.com`)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("are as many as wanted where the plan sets no number", async () => {
    await database.tenant.update({ where: { id: tenant.id }, data: { plan: "unlimited" } });
    for (let count = 0; count < 8; count += 1) await invite(`many-${count}@example.com`);
    expect((await listTeam(database, tenant.id)).invitations).toHaveLength(8);
  });
});

describe("the last owner", () => {
  it("can neither leave, nor be removed, nor become something else", async () => {
    await addMember("admin");
    const kept = { code: "conflict" };
    await expect(leaveTeam(database, tenant.slug, owner.id)).rejects.toMatchObject(kept);
    await expect(removeMember(database, tenant.id, ownerMember)).rejects.toMatchObject(kept);
    await expect(changeRole(database, tenant.id, ownerMember, "admin")).rejects.toMatchObject(kept);
    await expect(changeRole(database, tenant.id, ownerMember, "owner")).resolves.toMatchObject({ before: "owner" });
  });

  it("stays when both of two leave at once", async () => {
    for (let round = 0; round < 5; round += 1) {
      const second = await addMember("owner");
      const answers = await Promise.allSettled([
        leaveTeam(database, tenant.slug, owner.id),
        leaveTeam(database, tenant.slug, second.user.id),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const owners = await database.member.findMany({
        where: { tenantId: tenant.id, role: "owner" },
        include: { user: true },
      });
      expect(owners).toHaveLength(1);
      if (owners[0]) owner = owners[0].user;
    }
  });
});

describe("a member", () => {
  it("gets another role, and is told apart from those of other tenants", async () => {
    const { id } = await addMember("viewer");
    expect(await changeRole(database, tenant.id, id, "admin")).toMatchObject({ before: "viewer" });
    const other = await createTestTenant(database);
    await expect(changeRole(database, other.id, id, "viewer")).rejects.toMatchObject({ code: "not_found" });
    await expect(removeMember(database, other.id, id)).rejects.toMatchObject({ code: "not_found" });
    expect((await listTeam(database, tenant.id)).members.map(({ role }) => role)).toEqual(["owner", "admin"]);
  });

  it("is left alone when the caller may not change what it is", async () => {
    const { id } = await addMember("owner");
    const deny = (role: Role) => {
      throw new Error(`no hand on an ${role}`);
    };
    await expect(changeRole(database, tenant.id, id, "viewer", deny)).rejects.toThrow("no hand on an owner");
    await expect(removeMember(database, tenant.id, id, deny)).rejects.toThrow("no hand on an owner");
    expect((await listTeam(database, tenant.id)).members.map(({ role }) => role)).toEqual(["owner", "owner"]);
  });

  it("leaves one tenant and stays in the others", async () => {
    const { user } = await addMember("developer");
    const own = await foundTenant(database, { name: `Own ${user.id}`, plan: "free", owner: user });
    await leaveTeam(database, tenant.slug, user.id);
    expect((await membershipsOf(database, user.id)).map(({ slug }) => slug)).toEqual([own.slug]);
    await expect(leaveTeam(database, tenant.slug, user.id)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("tenants that nobody pays for", () => {
  let person: Awaited<ReturnType<typeof addUser>>;
  beforeEach(async () => {
    person = await addUser();
  });
  const found = (plan: string = unpaidPlan) =>
    foundTenant(database, { name: `Free ${newUuid()}`, plan, owner: person });
  const full = { code: "conflict" };
  async function foundAll() {
    for (let count = 0; count < maxUnpaidTenants; count += 1) await found();
  }

  it("are as many as one person may own, also when all are founded at once", async () => {
    const answers = await Promise.allSettled(Array.from({ length: maxUnpaidTenants + 3 }, () => found()));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(maxUnpaidTenants);
    await expect(found()).rejects.toMatchObject(full);
    await expect(found("unlimited")).resolves.toMatchObject({ plan: "unlimited" });
    const [one] = await membershipsOf(database, person.id);
    await database.tenant.updateMany({ where: { id: one?.tenantId ?? "" }, data: { plan: "starter" } });
    await expect(found()).resolves.toMatchObject({ plan: unpaidPlan });
  });

  it("count until the month is over when they are erased", async () => {
    await foundAll();
    const [one] = await membershipsOf(database, person.id);
    const by = { userId: person.id, actor: person.email };
    await eraseTenant({ database, billing: null }, one?.tenantId ?? "", one?.slug ?? "", by);
    await expect(found()).rejects.toMatchObject(full);
    const longAgo = { createdAt: new Date(Date.now() - 40 * 86_400_000) };
    await database.auditEntry.updateMany({ where: { userId: person.id }, data: longAgo });
    await expect(found()).resolves.toMatchObject({ plan: unpaidPlan });
  });

  it("are not passed on to who owns as many already", async () => {
    await foundAll();
    await database.tenant.update({ where: { id: tenant.id }, data: { plan: unpaidPlan } });
    await inviteMember(deps, tenant.id, { email: person.email, role: "owner" }, owner);
    await expect(acceptInvitation(database, linkTo(person.email), person)).rejects.toMatchObject(full);
    await inviteMember(deps, tenant.id, { email: person.email, role: "admin" }, owner);
    await acceptInvitation(database, linkTo(person.email), person);
    const { members } = await listTeam(database, tenant.id);
    const id = uuidOf("member", members.find(({ email }) => email === person.email)?.id ?? "") ?? "";
    await expect(changeRole(database, tenant.id, id, "owner")).rejects.toMatchObject(full);
    await expect(changeRole(database, tenant.id, id, "viewer")).resolves.toMatchObject({ before: "admin" });
  });
});

it("asks a second factor of a team only for who gave one, and tells others what to do first", async () => {
  const without = { hasTwoFactor: false, gaveSecondFactor: false };
  const notGiven = { hasTwoFactor: true, gaveSecondFactor: false };
  const elsewhere = { hasTwoFactor: false, gaveSecondFactor: true }; // at the provider of single sign-on
  const asking = (caller: typeof without) => requireTwoFactor(database, tenant.id, true, caller);
  await expect(asking(without)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(": set one up first"),
  });
  await expect(asking(notGiven)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(": give the code of yours first"),
  });
  expect(await asking(elsewhere)).toBe(false);
  expect(await membershipsOf(database, owner.id)).toMatchObject([{ requiresTwoFactor: true }]);
  expect(await requireTwoFactor(database, tenant.id, false, without)).toBe(true);
});
