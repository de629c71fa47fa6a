import { expect, test } from "vitest";
import { addressOf, mailboxParts, messageIdOf, quotedMailbox } from "./mailbox-parts";

test.each([
  ["ann@acme.test", { email: "ann@acme.test" }, "ann@acme.test"],
  ["Ann Lee <ann@acme.test>", { email: "ann@acme.test", name: "Ann Lee" }, "Ann Lee <ann@acme.test>"],
  ["Lee, Ann <ann@acme.test>", { email: "ann@acme.test", name: "Lee, Ann" }, '"Lee, Ann" <ann@acme.test>'],
  ['"Lee \\"A\\"" <ann@acme.test>', { email: "ann@acme.test", name: 'Lee "A"' }, '"Lee \\"A\\"" <ann@acme.test>'],
  [" <ann@acme.test>", { email: "ann@acme.test" }, "ann@acme.test"],
])("%s is taken apart and written again", (mailbox, parts, written) => {
  expect(mailboxParts(mailbox)).toEqual(parts);
  expect(quotedMailbox(mailbox)).toBe(written);
});

test("an address is bare, with its domain in lower case and its local part as it is", () => {
  expect(addressOf("Bob <Bob@EXAMPLE.com>")).toBe("Bob@example.com");
});

test("a Message-ID is made of the delivery and the sender's domain", () => {
  expect(messageIdOf("dlv_1:x", "Ann <ann@acme.test>")).toBe("dlv_1x@acme.test");
  expect(messageIdOf("dlv_1", "nobody")).toBe("dlv_1@localhost");
});
