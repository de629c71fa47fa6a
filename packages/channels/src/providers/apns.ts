import { createHash, createPrivateKey } from "node:crypto";
import { z } from "zod";
import { type PushContent, pushServiceOf } from "../channels/push";
import { settingsGuard } from "../outbound-guard";
import { type AccountCheck, defineProvider, type SendOutcome } from "../provider";
import type { ProviderContext } from "../provider-context";
import { type Http2Answer, http2Connection } from "./http2-connection";
import { privateKey } from "./private-key";
import { jsonOf } from "./receipt-body";
import { signJwt } from "./sign-jwt";

const config = z.strictObject({
  keyId: z
    .string()
    .regex(/^[A-Z0-9]{10}$/, "must be the ten characters of a key's id")
    .meta({ title: "Key ID", description: "Ten characters, beside the key in Apple's developer portal." }),
  teamId: z
    .string()
    .regex(/^[A-Z0-9]{10}$/, "must be the ten characters of a team's id")
    .meta({ title: "Team ID", description: "Ten characters, under Membership details." }),
  privateKey: privateKey()
    .refine(isP256, "must be a key of P-256, as Apple's .p8 files hold")
    .meta({ title: "Private key", description: "The content of the .p8 file." }),
  topic: z.string().min(1).max(255).meta({ title: "Bundle ID", description: "Of the app, such as com.example.app." }),
  environment: z
    .enum(["production", "sandbox"])
    .default("production")
    .meta({ title: "Environment", description: "Sandbox for builds that are run by Xcode." }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Apple through a gateway of your own. Empty: Apple's own.",
    advanced: true,
  }),
});
type ApnsConfig = z.output<typeof config>;

const origins = { production: "https://api.push.apple.com", sandbox: "https://api.sandbox.push.apple.com" };

/**
 * Push over Apple's own service, https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns.
 * On node:http2: the client apns2 reaches no other host, takes no abort signal and drops the apns-id.
 */
export const apns = defineProvider<ApnsConfig>({
  id: "apns",
  name: "Apple Push Notification service",
  channels: ["push"],
  config,
  honoursIdempotencyKey: false,
  reaches: (address) => pushServiceOf(address) === "apns",
  async connect(account, context) {
    const { post, close } = apnsClient(account, context);
    return {
      async send({ to, content }, { idempotencyKey, signal }) {
        const id = uuidOf(idempotencyKey);
        const headers = {
          "apns-id": id,
          "apns-push-type": "alert",
          "apns-priority": "10",
          // A repeated message replaces the first on the screen instead of standing beside it.
          "apns-collapse-id": idempotencyKey.slice(0, 64),
        };
        return outcomeOf(await post(to, headers, payloadOf(content as PushContent), signal), id);
      },
      close: async () => close(),
    };
  },
  async check(account, context, signal) {
    const { post, close } = apnsClient(account, context);
    // A token that no device has: Apple looks at the credentials first, and there is nobody to send to.
    const headers = { "apns-push-type": "background", "apns-priority": "5" };
    const answer = await post("0".repeat(64), headers, '{"aps":{}}', signal);
    close();
    return checkOf(answer);
  },
});

/** The connection with the account's token on every request. */
function apnsClient(account: ApnsConfig, context: ProviderContext) {
  const connection = http2Connection(account.apiUrl ?? origins[account.environment], settingsGuard(context));
  const tokens = providerTokens(account);

  async function post(to: string, headers: Record<string, string>, body: string, signal: AbortSignal) {
    const whole = { ":path": `/3/device/${encodeURIComponent(to)}`, "apns-topic": account.topic, ...headers };
    const attempt = async (token: string) =>
      connection.post({ ...whole, authorization: `bearer ${token}` }, body, signal);
    const token = tokens.current();
    const answer = await attempt(token);
    // Nothing was sent in either case, so once more is still one attempt.
    const isUntaken = "reason" in answer && answer.untaken;
    const isExpired = reasonIn(answer) === "ExpiredProviderToken" && tokens.renew(token);
    return isUntaken || isExpired ? attempt(tokens.current()) : answer;
  }
  return { post, close: connection.close };
}

/** Apple refuses a token after an hour, in ms. */
const renewAfterMs = 50 * 60_000;
/** Apple refuses an account that renews its token more often than every 20 minutes, in ms. */
const renewalPauseMs = 20 * 60_000;

function providerTokens({ keyId, teamId, privateKey }: ApnsConfig) {
  let token = "";
  let signedAtMs = 0;
  function signAnew(): void {
    signedAtMs = Date.now();
    token = signJwt({ alg: "ES256", kid: keyId }, { iss: teamId, iat: Math.floor(signedAtMs / 1_000) }, privateKey);
  }
  return {
    current(): string {
      if (Date.now() - signedAtMs >= renewAfterMs) signAnew();
      return token;
    },
    /** @returns whether there is another token than the one that was refused */
    renew(refused: string): boolean {
      if (refused !== token) return true; // another request has renewed it already
      if (Date.now() - signedAtMs < renewalPauseMs) return false;
      signAnew();
      return true;
    },
  };
}

function payloadOf({ title, body, data, imageUrl, actionUrl }: PushContent): string {
  return JSON.stringify({
    ...data,
    ...(actionUrl && { actionUrl }),
    ...(imageUrl && { imageUrl }),
    // Mutable: the app's own extension may fetch the picture.
    aps: { alert: { title, body }, sound: "default", ...(imageUrl && { "mutable-content": 1 }) },
  });
}

/** A UUID (RFC 9562, version 8) that is the same for every attempt at a delivery. */
function uuidOf(key: string): string {
  const bytes = createHash("sha256").update(key).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The token is no app's, not this app's, or no longer one. */
const deadToken = new Set(["BadDeviceToken", "DeviceTokenNotForTopic", "ExpiredToken", "Unregistered"]);
/** The account must be mended; the message is not at fault. All of status 403 are such. */
const accountFault = new Set(["BadTopic", "MissingTopic", "TopicDisallowed"]);

/** Reasons: https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns */
function outcomeOf(answer: Http2Answer, id: string): SendOutcome {
  if ("reason" in answer) {
    return { kind: "deferred", reason: answer.reason, ...(answer.ambiguous && { ambiguous: true }) };
  }
  const { status, headers } = answer;
  const told = headers["apns-id"];
  if (status === 200) return { kind: "sent", providerMessageId: typeof told === "string" ? told.toLowerCase() : id };
  const word = reasonIn(answer) ?? "";
  const reason = `${status} ${word}`.trim();
  if (deadToken.has(word)) return { kind: "rejected", reason, addressDead: true };
  const isPassing =
    status === 403 || status === 429 || status >= 500 || word === "IdleTimeout" || accountFault.has(word);
  return { kind: isPassing ? "deferred" : "rejected", reason };
}

function checkOf(answer: Http2Answer): AccountCheck {
  if ("reason" in answer) return { kind: "unreachable", reason: answer.reason };
  const word = reasonIn(answer) ?? "";
  if (answer.status === 200 || deadToken.has(word)) return { kind: "good" };
  const isRefused = answer.status === 403 || accountFault.has(word);
  return { kind: isRefused ? "refused" : "unreachable", reason: `${answer.status} ${word}`.trim() };
}

const refusal = z.object({ reason: z.string() });

/** Apple's word for why it refused. */
function reasonIn(answer: Http2Answer): string | null {
  if ("reason" in answer || answer.status === 200) return null;
  return refusal.safeParse(jsonOf(answer.text)).data?.reason ?? null;
}

function isP256(pem: string): boolean {
  return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === "prime256v1";
}
