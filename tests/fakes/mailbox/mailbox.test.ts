import { expect, test, vi } from "vitest";
import type { Catch } from "./caught-message";
import { createMailbox } from "./mailbox";

function mail(to: string, sizeBytes = 10, channel: Catch["channel"] = "email"): Catch {
  const read = async () => ({ title: to, html: null, text: "", fields: [], attachments: [], source: "" });
  return { channel, from: "hello@acme.test", to: [to], sizeBytes, read };
}

const recipients = (mailbox: ReturnType<typeof createMailbox>) => mailbox.list().flatMap(({ to }) => to);

test("lists the newest first, as many as asked for", () => {
  const mailbox = createMailbox();
  for (const name of ["a", "b", "c"]) mailbox.add(mail(name));
  expect(recipients(mailbox)).toEqual(["c", "b", "a"]);
  expect(mailbox.list({}, 2)).toHaveLength(2);
});

test("finds by a part of the recipient in any case, and by channel", () => {
  const mailbox = createMailbox();
  mailbox.add(mail("Ann@Example.com"));
  mailbox.add(mail("+14155550123", 10, "sms"));
  expect(mailbox.list({ to: " ann@example " })).toHaveLength(1);
  expect(mailbox.list({ channel: "sms" })).toHaveLength(1);
  expect(mailbox.list({ to: "ann", channel: "sms" })).toHaveLength(0);
  expect([...mailbox.counts()]).toEqual([
    ["sms", 1],
    ["email", 1],
  ]);
});

test("forgets the oldest beyond its number and beyond its size", () => {
  const few = createMailbox(2);
  for (const name of ["a", "b", "c"]) few.add(mail(name));
  expect(recipients(few)).toEqual(["c", "b"]);
  expect(few.get("1")).toBeUndefined();
  const small = createMailbox(100, 100);
  for (const name of ["a", "b", "c"]) small.add(mail(name, 45));
  expect(recipients(small)).toEqual(["c", "b"]);
});

test("tells listeners of every change until they stop, and is empty once cleared", () => {
  const mailbox = createMailbox();
  const listener = vi.fn();
  const stop = mailbox.onChange(listener);
  mailbox.add(mail("a"));
  mailbox.clear();
  stop();
  mailbox.add(mail("b"));
  expect(listener).toHaveBeenCalledTimes(2);
  expect(recipients(mailbox)).toEqual(["b"]);
});
