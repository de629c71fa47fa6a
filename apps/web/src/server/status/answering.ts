import { Refusal } from "@tidings/shared/refusals";

const withinMs = 4_000;

/**
 * What a part of the system answers, or a refusal that names the part: an operator looks just when something is away.
 * @throws {Refusal} `unavailable`
 */
export async function answering<Answer>(part: string, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${withinMs / 1_000} s`)), withinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split("\n").at(-1) : String(cause);
    throw new Refusal("unavailable", `${part} does not answer: ${reason}`, { cause, retryAfterSeconds: 5 });
  } finally {
    clearTimeout(timer);
  }
}
