import { startCountingHttp } from "./counting-http";
import { startCountingResend } from "./counting-resend";
import { startCountingSmtp } from "./counting-smtp";
import { createLedger } from "./ledger";
import type { LocalListener } from "./listen-locally";
import { answerQuestions, type OwnProcess, startOwnProcess } from "./own-process";
import type { Misconduct, SinkConduct } from "./sink-conduct";

const ledger = createLedger();
const conduct: SinkConduct = { now: null };
/** The mail server that is written to first, and the one for when it is not there. */
let mailServers: LocalListener[] = [];
const verbs = {
  async listen() {
    mailServers = [await startCountingSmtp(ledger, conduct), await startCountingSmtp(ledger, conduct)];
    const [smtpPort, spareSmtpPort] = mailServers.map(({ port }) => port) as [number, number];
    const [http, resend] = await Promise.all([startCountingHttp(ledger, conduct), startCountingResend(ledger)]);
    return { smtpPort, spareSmtpPort, httpPort: http.port, resendUrl: resend.url };
  },
  /** The first mail server is killed, or there again. */
  async firstMailServer(isThere: boolean) {
    const [first] = mailServers;
    if (isThere) await first?.rise();
    else first?.fall();
  },
  report: () => ledger.report(),
  clear: () => ledger.clear(),
  /** From now on, until told otherwise with `null`. */
  conduct(misconduct: Misconduct | null) {
    conduct.now = misconduct;
  },
};
export type Sink = OwnProcess<typeof verbs> & {
  smtpPort: number;
  spareSmtpPort: number;
  httpPort: number;
  /** Resend's API. */
  resendUrl: string;
};

/** Receivers of mails and webhooks that count what arrives, in a process of their own. */
export async function startSink(): Promise<Sink> {
  const sink: OwnProcess<typeof verbs> = startOwnProcess(new URL(import.meta.url));
  return { ...sink, ...(await sink.ask("listen")) };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
