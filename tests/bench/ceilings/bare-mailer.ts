import { createTransport } from "nodemailer";
import { answerQuestions, type OwnProcess, startOwnProcess } from "../../load/own-process";
import { closedLoop } from "./closed-loop";

const verbs = { measure };

/** The ceiling of email: nodemailer's own pool in one process, to the same server, with nothing before or after it. */
export function startBareMailer(): OwnProcess<typeof verbs> {
  return startOwnProcess(new URL(import.meta.url));
}

export interface BareMailerSettings {
  port: number;
  seconds: number;
  maxConnections: number;
  atOnce: number;
}

/** @returns mails a second, each like those that the template `one_time_code` makes */
async function measure({ port, seconds, maxConnections, atOnce }: BareMailerSettings): Promise<{ perSecond: number }> {
  const transport = createTransport({
    pool: true,
    host: "127.0.0.1",
    port,
    maxConnections,
    maxMessages: Number.POSITIVE_INFINITY,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const send = (index: number) => {
    const code = 100_000 + index;
    const text = `${code} is your code for Acme. It is good for 10 minutes.`;
    return transport.sendMail({
      from: "Tidings <hello@tidings.local>",
      to: `n${index}@example.com`,
      subject: `${code} is your code`,
      html: `<!doctype html><html><body><h1>Acme</h1><p>${text}</p></body></html>`,
      text,
    });
  };
  await closedLoop(send, { atOnce, seconds: Math.min(3, seconds) }); // warms up
  const perSecond = await closedLoop(send, { atOnce, seconds });
  transport.close();
  return { perSecond };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
