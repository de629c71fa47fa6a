import { type ReportConduct, startCountingReports, type Verified } from "./counting-reports";
import { createLedger, type LedgerReport } from "./ledger";
import { answerQuestions, type OwnProcess, startOwnProcess } from "./own-process";

const ledger = createLedger();
const conduct: ReportConduct = { secrets: {}, verifyEach: 1, refuseEach: Number.POSITIVE_INFINITY, hangsAt: null };
let receiving: ReturnType<typeof startCountingReports> | undefined;
const verbs = {
  async listen() {
    receiving = startCountingReports(ledger, conduct);
    return { port: (await receiving).port };
  },
  /** From now on. What is absent stays. */
  conduct: (change: Partial<ReportConduct>) => void Object.assign(conduct, change),
  async report(): Promise<LedgerReport & Verified> {
    if (!receiving) throw new Error("the sink does not listen");
    return { ...ledger.report(), ...(await receiving).seen };
  },
  clear: () => ledger.clear(),
};
export type ReportSink = OwnProcess<typeof verbs> & { port: number };

/** A receiver of reports that counts and verifies, in a process of its own. */
export async function startReportSink(): Promise<ReportSink> {
  const sink: OwnProcess<typeof verbs> = startOwnProcess(new URL(import.meta.url));
  return { ...sink, ...(await sink.ask("listen")) };
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
