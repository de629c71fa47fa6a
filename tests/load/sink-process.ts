import { startCountingHttp } from "./counting-http";
import { startCountingSmtp } from "./counting-smtp";
import { createLedger } from "./ledger";
import { answerQuestions, type OwnProcess, startOwnProcess } from "./own-process";

const ledger = createLedger();
const verbs = {
  async listen() {
    const [smtp, http] = [await startCountingSmtp(ledger), await startCountingHttp(ledger)];
    return { smtpPort: smtp.port, httpPort: http.port };
  },
  report: () => ledger.report(),
  clear: () => ledger.clear(),
};
export type Sink = OwnProcess<typeof verbs> & { smtpPort: number; httpPort: number };

/** Receivers of mails and webhooks that count what arrives, in a process of their own. */
export async function startSink(): Promise<Sink> {
  const sink: OwnProcess<typeof verbs> = startOwnProcess(new URL(import.meta.url));
  return { ...sink, ...(await sink.ask("listen")) };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
