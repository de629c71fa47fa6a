import type { Channel } from "@tidings/channels/channel";
import type { EmailRequest } from "@tidings/channels/channels/email";
import { channels } from "@tidings/channels/registry";
import { type Fault, Refusal } from "@tidings/shared/refusals";
import type { z } from "zod";
import type { AttachmentBook } from "../attachments/attachment-book";
import { pinAttachments } from "../attachments/pin-attachments";
import { faultsOf } from "../faults-of";
import type { PublishedTemplates, ResolvedTemplate } from "../templates/published-templates";
import { maxScheduleAheadMs, type NotificationBody, notificationBody } from "./notification-request";

/** A request that has passed every check which needs no recipient: ready to be written. */
export interface ReadyNotification {
  channels: readonly string[];
  recipientId: string | null;
  addresses: Readonly<Record<string, string>>;
  template: { id: string; version: number } | null;
  data: Record<string, unknown> | null;
  /** Direct content by channel. */
  content: Readonly<Record<string, unknown>> | null;
  locale: string | null;
  category: string | null;
  priority: NotificationBody["priority"];
  sendAt: Date | null;
  /** UUID of the notification that this one repeats. */
  resendOf?: string;
}

export interface ReadRequestDeps {
  templates: PublishedTemplates;
  attachments: Pick<AttachmentBook, "find">;
  nowMs: () => number;
}

/**
 * Reads one notification request of a tenant.
 * @throws {Refusal} that names each thing wrong and where it stands
 */
export async function readRequest(deps: ReadRequestDeps, tenantId: string, body: unknown): Promise<ReadyNotification> {
  const request = parseBody(body);
  const { id: recipientId = null, ...given } = request.recipient;
  const addresses = withoutUndefined(given);
  const sendAt = readSendAt(request.sendAt, deps.nowMs());
  const spoken = request.template === undefined ? readContent(request) : await readTemplate(deps, tenantId, request);
  const asked = askedChannels(request, spoken.channels);
  checkAddresses(asked, recipientId, addresses);
  const email = spoken.content?.email as EmailRequest | undefined;
  if (spoken.content && email?.attachments) {
    const place = { pointer: request.channel ? "/content" : "/content/email", sendAt };
    const attachments = await pinAttachments(deps.attachments, tenantId, email.attachments, place);
    spoken.content.email = { ...email, attachments };
  }
  return {
    channels: asked,
    recipientId,
    addresses,
    template: spoken.template ? { id: spoken.template.templateId, version: spoken.template.version } : null,
    data: request.data ?? null,
    content: spoken.content,
    locale: request.locale ?? null,
    category: request.category ?? spoken.template?.category ?? null,
    priority: request.priority,
    sendAt,
  };
}

function parseBody(body: unknown): NotificationBody {
  const parsed = notificationBody.safeParse(body);
  if (!parsed.success) throw invalid(faultsOf(parsed.error));
  const { channel, channels: several, template, content, data } = parsed.data;
  const faults: Fault[] = [];
  if (channel && several) faults.push({ pointer: "/channels", message: "give channel or channels, not both" });
  if (template === undefined && !content) faults.push({ pointer: "/content", message: "give content, or a template" });
  if (template !== undefined && content)
    faults.push({ pointer: "/content", message: "give content or a template, not both" });
  if (template === undefined && data) faults.push({ pointer: "/data", message: "data needs a template to go into" });
  if (faults.length > 0) throw invalid(faults);
  return parsed.data;
}

function invalid(faults: readonly Fault[]): Refusal {
  return new Refusal("invalid_body", `The body has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}.`, {
    faults,
  });
}

function readSendAt(sendAt: string | null | undefined, nowMs: number): Date | null {
  if (sendAt == null) return null;
  const at = new Date(sendAt);
  // A caller's clock a little behind ours still means "now".
  if (at.getTime() < nowMs - 60_000) throw outOfRange("sendAt is in the past.");
  if (at.getTime() > nowMs + maxScheduleAheadMs) throw outOfRange("sendAt is more than a year ahead.");
  return at.getTime() <= nowMs ? null : at;
}

function outOfRange(sentence: string): Refusal {
  const faults = [{ pointer: "/sendAt", message: "must be between now and a year from now" }];
  return new Refusal("send_at_out_of_range", sentence, { faults });
}

interface Spoken {
  channels: readonly string[];
  content: Record<string, unknown> | null;
  template: ResolvedTemplate | null;
}

async function readTemplate(deps: ReadRequestDeps, tenantId: string, request: NotificationBody): Promise<Spoken> {
  const template = await deps.templates.resolve(tenantId, request.template as string);
  const faults = template.checkData(request.data ?? {});
  if (faults.length > 0) {
    throw new Refusal("missing_variable", "The data does not fit the template.", {
      faults: faults.map(({ pointer, message }) => ({ pointer: `/data${pointer}`, message })),
    });
  }
  return { channels: template.channels, content: null, template };
}

/** Direct content: of the one channel named, else by channel. */
function readContent(request: NotificationBody): Spoken {
  const byChannel = request.channel ? { [request.channel]: request.content } : (request.content ?? {});
  const content: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [id, given] of Object.entries(byChannel)) {
    const pointer = request.channel ? "/content" : `/content/${id}`;
    const channel: Channel | undefined = channels.get(id);
    if (!channel) {
      faults.push({ pointer, message: `there is no channel ${id}; name the channel, or give content by channel` });
      continue;
    }
    const parsed: z.ZodSafeParseResult<unknown> = channel.content.safeParse(given);
    if (parsed.success) content[id] = parsed.data;
    else faults.push(...faultsOf(parsed.error, pointer));
  }
  if (faults.length > 0) throw invalid(faults);
  return { channels: Object.keys(content), content, template: null };
}

function askedChannels(request: NotificationBody, spoken: readonly string[]): readonly string[] {
  const asked = request.channels ?? (request.channel ? [request.channel] : spoken);
  const what = request.template === undefined ? "the content" : "the template";
  const silent = asked.filter((channel) => !spoken.includes(channel));
  if (silent.length === 0 && asked.length > 0) return [...new Set(asked)];
  const pointer = request.channels ? "/channels" : request.channel ? "/channel" : "/content";
  throw invalid([
    {
      pointer,
      message: asked.length === 0 ? `${what} speaks no channel` : `${what} has nothing for ${silent.join(", ")}`,
    },
  ]);
}

/** What can be known without the stored recipient: raw addresses alone must reach at least one channel. */
function checkAddresses(
  asked: readonly string[],
  id: string | null,
  addresses: Readonly<Record<string, string>>,
): void {
  if (id !== null) return;
  const reached = asked.some(
    (channel) => channels.get(channel)?.addressesOf({ id, addresses, deviceTokens: [] }).length,
  );
  if (reached) return;
  const fields = asked.map((channel) => channels.get(channel)?.addressField.name).join(", ");
  throw new Refusal("no_address", `The recipient has no address for ${asked.join(", ")}.`, {
    faults: [{ pointer: "/recipient", message: `needs one of: ${fields}` }],
  });
}

function withoutUndefined(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
