/** A mailbox, `Ann <ann@example.com>`, taken apart. */
export interface MailboxParts {
  email: string;
  name?: string;
}

export function mailboxParts(mailbox: string): MailboxParts {
  const [, written = "", email] = /^([^<>]*)<([^<>]+)>$/.exec(mailbox.trim()) ?? [];
  const quoted = /^"(.*)"$/.exec(written.trim())?.[1];
  const name = quoted === undefined ? written.trim() : quoted.replace(/\\(.)/g, "$1");
  return { email: email ?? mailbox.trim(), ...(name !== "" && { name }) };
}

/** A mailbox as RFC 5322 wants it: a name with a comma or the like stands in quotes. */
export function quotedMailbox(mailbox: string): string {
  const { email, name } = mailboxParts(mailbox);
  if (name === undefined) return email;
  const isPlain = /^[\p{L}\p{N} !#$%&'*+/=?^_`{|}~-]+$/u.test(name);
  return `${isPlain ? name : `"${name.replace(/["\\]/g, "\\$&")}"`} <${email}>`;
}

/** The Message-ID of a delivery without its angle brackets: the same at every attempt, so that a mail sent twice shows. */
export function messageIdOf(idempotencyKey: string, from: string): string {
  const domain = /@([^@<>\s]+)>?\s*$/.exec(from)?.[1] ?? "localhost";
  return `${idempotencyKey.replace(/[^\w.-]/g, "")}@${domain}`;
}

/** An address as the email channel writes it: bare, its domain in lower case. */
export function addressOf(mailbox: string): string {
  const { email } = mailboxParts(mailbox);
  const at = email.lastIndexOf("@");
  return email.slice(0, at) + email.slice(at).toLowerCase();
}
