import { createHash } from "node:crypto";
import { mediaType } from "@tidings/channels/channels/email";
import { maxAttachmentBytes, publicAttachment, uploadQuery } from "@tidings/core/attachments/attachment-schemas";
import { createAttachment, type NewAttachment } from "@tidings/core/attachments/create-attachment";
import { deleteAttachment } from "@tidings/core/attachments/delete-attachment";
import { getAttachment } from "@tidings/core/attachments/get-attachment";
import { listAttachments } from "@tidings/core/attachments/list-attachments";
import { presentAttachment } from "@tidings/core/attachments/present-attachment";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { Refusal } from "@tidings/shared/refusals";
import { idParams } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute, type RequestContext } from "../route";
import { withStoredAnswer } from "../stored-answer";

const tag = "Attachments";
const params = idParams("attachment");

export const attachmentRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/attachments",
    operationId: "listAttachments",
    tag,
    summary: "List uploaded files, newest first",
    description: "Keys of both modes share them.",
    scope: "read",
    query: pageQuery,
    status: 200,
    response: pageSchema(publicAttachment),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listAttachments(deps.database, principal.tenantId, readPage(query));
      return presentPage(page, presentAttachment, (row) => row.id);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/attachments",
    operationId: "uploadAttachment",
    tag,
    summary: "Upload a file to attach to emails",
    description:
      "The body is the file itself, of any content type. Emails name it by its id in `content.attachments`, as many as you like for 30 days; what goes along with one email has at most 10 MB in all. A tenant's files hold at most 5 GB.",
    scope: "send",
    query: uploadQuery,
    upload: {
      type: "*/*",
      description: "The bytes of the file, at most 10 MB, with its own content type",
      example: "%PDF-1.7 …",
      maxBytes: maxAttachmentBytes,
    },
    status: 201,
    response: publicAttachment,
    refusals: ["invalid_body", "conflict", "overloaded"],
    idempotency: "handler",
    async handle(context, { query: { filename }, body }) {
      const { deps, principal } = context;
      const contentType = fileTypeOf(context);
      return await deps.holdUpload(principal.tenantId, body, async (content) => {
        if (content.length === 0) throw new Refusal("invalid_body", "The file is empty.");
        const file = { filename, contentType, content };
        const create = () => createAttachment(deps.database, principal.tenantId, file).then(presentAttachment);
        return await withStoredAnswer(
          { ...context, idempotency: idempotencyOf(context, file) },
          { status: 201 },
          create,
        );
      });
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/attachments/{id}",
    operationId: "getAttachment",
    tag,
    summary: "What is known of an uploaded file",
    scope: "read",
    params,
    status: 200,
    response: publicAttachment,
    async handle({ deps, principal }, { params }) {
      return presentAttachment(await getAttachment(deps.database, principal.tenantId, params.id));
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/attachments/{id}",
    operationId: "deleteAttachment",
    tag,
    summary: "Delete an uploaded file",
    description: "Emails that name it and are not sent within the next minute fail.",
    scope: "send",
    params,
    status: 204,
    async handle({ deps, principal: { tenantId } }, { params: { id } }) {
      await deleteAttachment(deps.database, tenantId, id);
      deps.attachments.forget({ tenantId, id });
    },
  }),
];

/** What clients say of a body when nobody told them its type, or when it holds files instead of being one. */
const noFile = /^(?:multipart\/|application\/x-www-form-urlencoded$)/;

function fileTypeOf({ contentType }: RequestContext): string {
  const parsed = mediaType.safeParse(contentType);
  if (parsed.success && !noFile.test(parsed.data)) return parsed.data;
  throw new Refusal(
    "unsupported_media_type",
    "Send the file itself as the body, with its own content-type such as application/pdf.",
  );
}

/** The body of an upload is all that is said of the file. */
function idempotencyOf({ idempotency }: RequestContext, { filename, contentType, content }: NewAttachment) {
  if (!idempotency) return null;
  const said = createHash("sha256").update(JSON.stringify([idempotency.bodyHash, filename, contentType]));
  for (const piece of content) said.update(piece);
  return { ...idempotency, bodyHash: said.digest("base64url") };
}
