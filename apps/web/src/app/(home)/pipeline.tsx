import { ArrowRight } from "lucide-react";

const processes = [
  {
    name: "API",
    stages: [
      { verb: "accept", does: "Checks the key and the body, writes the row, answers 202." },
      { verb: "publish", does: "Puts its id on the event log, a batch at a time." },
    ],
    handsOver: "event log",
  },
  {
    name: "Consumer",
    stages: [
      { verb: "route", does: "Decides which channels and addresses: one delivery each." },
      { verb: "enqueue", does: "Admits deliveries in turn: one tenant's flood never delays another." },
    ],
    handsOver: "queues",
  },
  {
    name: "Worker",
    stages: [
      { verb: "deliver", does: "Renders, sends through a provider, retries with backoff." },
      { verb: "report", does: "Records every attempt and how it ended." },
    ],
    handsOver: null,
  },
] as const;

/** The six stages, drawn as the three processes they run in and what lies between those. */
export function Pipeline() {
  return (
    <section aria-labelledby="pipeline" className="mt-16">
      <h2 id="pipeline" className="font-medium text-lg">
        What happens to it
      </h2>
      <ol className="mt-4 flex flex-col lg:flex-row">
        {processes.map((process, index) => (
          <li key={process.name} className="contents">
            <section aria-label={process.name} className="flex-1 rounded-lg border border-line bg-surface p-4">
              <h3 className="text-ink-muted text-xs">{process.name}</h3>
              <ol start={index * 2 + 1} className="mt-3 grid gap-4 sm:grid-cols-2 lg:grid-cols-1">
                {process.stages.map(({ verb, does }, place) => (
                  <li key={verb} className="flex gap-3">
                    <span
                      aria-hidden
                      className="flex size-5 shrink-0 items-center justify-center rounded-full border border-line-strong text-ink-muted text-xs tabular-nums"
                    >
                      {index * 2 + place + 1}
                    </span>
                    <div>
                      <p className="font-medium leading-5">{verb}</p>
                      <p className="mt-0.5 text-ink-muted text-sm">{does}</p>
                    </div>
                  </li>
                ))}
              </ol>
            </section>
            {process.handsOver && <HandOver through={process.handsOver} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function HandOver({ through }: { through: string }) {
  return (
    <div className="flex items-center justify-center gap-2 p-2 text-ink-muted lg:w-20 lg:flex-col lg:gap-1">
      <ArrowRight aria-hidden className="size-4 rotate-90 lg:rotate-0" />
      <span className="whitespace-nowrap text-xs">{through}</span>
    </div>
  );
}
