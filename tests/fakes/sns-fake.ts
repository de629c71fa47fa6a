import { randomUUID } from "node:crypto";
import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  type HttpRequest,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";

/** A message that SNS published to a phone number. */
export interface SnsMessage {
  id: string;
  to: string;
  text: string;
  /** The message's attributes by name. */
  attributes: Record<string, string>;
}

/**
 * Amazon SNS's Query API for SMS: Publish to a phone number and GetSMSAttributes,
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html. Requests must be signed by SigV4; the shape of the signature is
 * checked, and the access key `AKIAWRONG` is unknown. Counts by text.
 */
export function snsProtocol(onMessage?: (message: SnsMessage) => void): HttpProtocol {
  return httpProtocol(({ script, tally }) => (request) => {
    const fields = Object.fromEntries(new URLSearchParams(request.body.toString()));
    const refusal = refusalOfSignature(request);
    if (refusal) return refusal;
    if (request.method !== "POST" || fields.Version !== "2010-03-31")
      return problem(400, "InvalidAction", "no such API");
    if (fields.Action === "GetSMSAttributes") {
      return answer(
        "GetSMSAttributes",
        "<attributes><entry><key>DefaultSMSType</key><value>Transactional</value></entry></attributes>",
      );
    }
    if (fields.Action !== "Publish") return problem(400, "InvalidAction", `${fields.Action} is not valid`);
    return meet(script, () => {
      const { PhoneNumber: to = "", Message: text = "" } = fields;
      if (text === "") return problem(400, "InvalidParameter", "Invalid parameter: Empty message");
      if (!/^\+[1-9]\d{6,14}$/.test(to)) {
        const words = `Invalid parameter: PhoneNumber Reason: ${to} is not valid to publish to`;
        return problem(400, "InvalidParameter", words);
      }
      const message = { id: randomUUID(), to, text, attributes: attributesOf(fields) };
      tally.add(text);
      onMessage?.(message);
      return answer("Publish", `<MessageId>${message.id}</MessageId>`);
    });
  });
}

export function createSnsFake({ port, onMessage }: FakeOptions<SnsMessage> = {}): Promise<HttpFake> {
  return listenHttp(snsProtocol(onMessage), port);
}

/** An answer as Amazon's Query APIs word their refusals. */
export function problem(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  const type = status < 500 ? "Sender" : "Receiver";
  const error = `<Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(
    status,
    `<ErrorResponse xmlns="${namespace}">${error}<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
    headers,
  );
}

const namespace = "http://sns.amazonaws.com/doc/2010-03-31/";

function answer(action: string, result: string): HttpAnswer {
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return xml(
    200,
    `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result>${metadata}</${action}Response>`,
  );
}

function xml(status: number, body: string, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers: { "content-type": "text/xml", ...headers }, body };
}

function refusalOfSignature({ headers }: HttpRequest): HttpAnswer | null {
  const credential =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/[\w-]+\/sns\/aws4_request, SignedHeaders=\S*host\S*, Signature=[0-9a-f]{64}$/;
  const [, key] = credential.exec(headers.authorization ?? "") ?? [];
  if (!key || !headers["x-amz-date"])
    return problem(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  return key === "AKIAWRONG"
    ? problem(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
    : null;
}

function attributesOf(fields: Record<string, string>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [key, name] of Object.entries(fields)) {
    const [, position] = /^MessageAttributes\.entry\.(\d+)\.Name$/.exec(key) ?? [];
    if (position) attributes[name] = fields[`MessageAttributes.entry.${position}.Value.StringValue`] ?? "";
  }
  return attributes;
}
