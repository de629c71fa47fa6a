import { createResendFake, resendCall, resendEvent } from "../fakes/resend-fake";
import { answerQuestions, type OwnProcess, startOwnProcess } from "./own-process";
import { type OpenLoop, type OpenLoopResult, sendOpenLoop } from "./send-open-loop";

export interface TellPlan extends Pick<OpenLoop, "port" | "connections"> {
  perSecond: number;
  /** Where the account's receipts are taken. */
  path: string;
  /** What they are signed with. */
  secret: string;
  /** Mails the company took, by the ids it gave them. */
  mails: readonly { id: string; to: string }[];
}

const verbs = {
  listen: async () => (await createResendFake()).url,
  tell,
};
export type MailCompany = OwnProcess<typeof verbs> & { url: string };

/** Resend, in a process of its own: takes mails over its API, and tells by signed calls that they were delivered. */
export async function startMailCompany(): Promise<MailCompany> {
  const company: OwnProcess<typeof verbs> = startOwnProcess(new URL(import.meta.url));
  return { ...company, url: await company.ask("listen") };
}

export interface Told extends OpenLoopResult {
  /** How many calls were to be made. */
  calls: number;
}

/** Tells of every mail, of each other one a second time, in no order. */
async function tell({ path, secret, mails, ...loop }: TellPlan): Promise<Told> {
  // Signed beforehand, so that telling costs little; signatures hold for five minutes.
  const calls = mails.map((mail) => {
    const { method, headers, body } = resendCall(resendEvent("delivered", mail), secret);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines.join("")}Content-Length: ${body.length}\r\n\r\n${body}`;
  });
  const again = calls.filter((_, index) => index % 2 === 0);
  const requests = shuffled([...calls, ...again]);
  const requestOf = (index: number) => requests[index] as string;
  return { ...(await sendOpenLoop({ ...loop, total: requests.length, requestOf })), calls: requests.length };
}

function shuffled(texts: string[]): string[] {
  for (let last = texts.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [texts[last], texts[other]] = [texts[other] as string, texts[last] as string];
  }
  return texts;
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
