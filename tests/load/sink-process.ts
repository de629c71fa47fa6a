import { startCountingHttp } from "./counting-http";
import { startCountingSmtp } from "./counting-smtp";
import { createLedger } from "./ledger";
import { answerQuestions, type OwnProcess, startOwnProcess } from "./own-process";
import type { Misconduct, SinkConduct } from "./sink-conduct";

const ledger = createLedger();
const conduct: SinkConduct = { now: null };
const verbs = {
  async listen() {
    const [smtp, http] = [await startCountingSmtp(ledger, conduct), await startCountingHttp(ledger, conduct)];
    return { smtpPort: smtp.port, httpPort: http.port };
  },
  report: () => ledger.report(),
  clear: () => ledger.clear(),
  /** From now on, until told otherwise with `null`. */
  conduct(misconduct: Misconduct | null) {
    conduct.now = misconduct;
  },
};
export type Sink = OwnProcess<typeof verbs> & { smtpPort: number; httpPort: number };

/** Receivers of mails and webhooks that count what arrives, in a process of their own. */
export async function startSink(): Promise<Sink> {
  const sink: OwnProcess<typeof verbs> = startOwnProcess(new URL(import.meta.url));
  return { ...sink, ...(await sink.ask("listen")) };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
