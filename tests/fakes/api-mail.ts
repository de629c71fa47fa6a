/** A mail that a company's HTTP API accepted. */
export interface ApiMail {
  /** As the API answered it. */
  id: string;
  /** `Ann <ann@example.com>`, as it came. */
  from: string;
  to: string;
  /** Empty when there is none. */
  replyTo: string;
  subject: string;
  text: string;
  html: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  attachments: { filename: string; contentType: string; content: Buffer }[];
}

/** A header as a name and a value, by lower-case name. */
export function headerEntry(name: string, value: string): [name: string, value: string] {
  return [name.toLowerCase(), value];
}

/** `Ann <ann@example.com>` of its parts. */
export function mailboxText({ email, name }: { email: string; name?: string | undefined }): string {
  return name ? `${name} <${email}>` : email;
}

/** JSON of a request's body; null when it is none. */
export function jsonBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}
