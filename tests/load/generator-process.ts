import { generateLoad } from "./generate-load";
import { answerQuestions, type OwnProcess, startOwnProcess } from "./own-process";

const verbs = { generateLoad };
export type Generator = OwnProcess<typeof verbs>;

/** A load generator in a process of its own, so that what it costs can be told from what it measures. */
export function startGenerator(): Generator {
  return startOwnProcess(new URL(import.meta.url));
}

if (process.send && process.argv[1] === new URL(import.meta.url).pathname) answerQuestions(verbs);
