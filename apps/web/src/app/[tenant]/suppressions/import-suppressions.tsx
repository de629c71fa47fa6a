"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRef, useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { Button } from "../../../ui/button";
import { Callout } from "../../../ui/callout";
import { CodeBlock } from "../../../ui/code-block";
import { Dialog, DialogClose } from "../../../ui/dialog";
import { type Failure, failureOf } from "../../../ui/failure";
import { formatBytes, formatCount } from "../../../ui/format-number";
import { Progress } from "../../../ui/meter";
import { RequestId } from "../../../ui/request-id";
import { Stat, StatRow } from "../../../ui/stat";
import { type ImportResult, uploadList } from "./upload-list";

const maxBytes = 20 * 1024 * 1024;

type Stage =
  | { at: "choosing"; failure?: Failure }
  | { at: "importing"; name: string; sentShare: number; stop: () => void }
  | { at: "done"; name: string; result: ImportResult };

const example = `address,channel,category,reason,detail
ann@example.com,email,,unsubscribe,
+14155550100,sms,,stop,
bob@example.com,email,offers,manual,Asked by phone`;

/** Brings a list in CSV along: chooses the file, shows how far it is, and what came of it. */
export function ImportSuppressions() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const file = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [stage, setStage] = useState<Stage>({ at: "choosing" });

  function changeOpen(next: boolean) {
    if (stage.at === "importing") return; // first it is stopped, by its button
    setOpen(next);
    if (next) setStage({ at: "choosing" });
  }

  async function send(list: File) {
    if (list.size > maxBytes) {
      const message = `${list.name} is larger than ${formatBytes(maxBytes)}: cut it in two and import both.`;
      return setStage({ at: "choosing", failure: { message } });
    }
    const upload = uploadList(`${tenant.href("suppressions/import")}?mode=${tenant.mode}`, list, (sentShare) =>
      setStage((now) => (now.at === "importing" ? { ...now, sentShare } : now)),
    );
    setStage({ at: "importing", name: list.name, sentShare: 0, stop: upload.stop });
    try {
      setStage({ at: "done", name: list.name, result: await upload.result });
    } catch (error) {
      setStage({ at: "choosing", failure: failureOf(error) });
    }
    await queryClient.invalidateQueries({ queryKey: trpc.suppressions.pathKey() });
  }

  return (
    <Dialog
      trigger={
        <Button>
          <Upload aria-hidden />
          <span className="max-sm:sr-only">Import</span>
        </Button>
      }
      open={open}
      onOpenChange={changeOpen}
      persistent={stage.at === "importing"}
      title="Import suppressions"
      description={
        stage.at === "choosing"
          ? "A CSV file of up to 200,000 lines. Importing a list again changes nothing."
          : undefined
      }
      footer={
        stage.at === "importing" ? (
          <Button onClick={stage.stop}>Stop</Button>
        ) : stage.at === "done" ? (
          <DialogClose>
            <Button variant="primary">Done</Button>
          </DialogClose>
        ) : (
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button variant="primary" onClick={() => file.current?.click()}>
              Choose a file
            </Button>
          </>
        )
      }
    >
      <input
        ref={file}
        type="file"
        accept=".csv,text/csv"
        aria-label="List in CSV"
        className="hidden"
        onChange={(event) => {
          const [list] = event.target.files ?? [];
          event.target.value = ""; // the same file may be chosen again
          if (list) void send(list);
        }}
      />
      {stage.at === "choosing" && (
        <div className="space-y-4">
          {stage.failure && (
            <Callout tone="bad" title={stage.failure.message}>
              {stage.failure.requestId && <RequestId id={stage.failure.requestId} />}
            </Callout>
          )}
          <CodeBlock label="The first line names the columns; only address must be there" code={example} />
        </div>
      )}
      {stage.at === "importing" && (
        <div className="space-y-2" aria-live="polite">
          <Progress label={`Importing ${stage.name}`} share={stage.sentShare} />
          <p className="text-ink-muted text-sm">
            {stage.sentShare < 1 ? `Importing ${stage.name}` : "Adding the last lines"}
          </p>
        </div>
      )}
      {stage.at === "done" && <Result result={stage.result} />}
    </Dialog>
  );
}

function Result({ result }: { result: ImportResult }) {
  const { read, added, known, refused, faults } = result;
  return (
    <div className="space-y-4">
      <StatRow>
        <Stat label="Lines" value={formatCount(read)} />
        <Stat label="Added" value={formatCount(added)} />
        <Stat label="Known already" value={formatCount(known)} />
        <Stat label="Refused" value={formatCount(refused)} />
      </StatRow>
      {refused === 0 ? (
        <Callout tone="good" title="Every line was understood" />
      ) : (
        <div className="space-y-2">
          <Callout tone="warn" title={`${formatCount(refused)} ${refused === 1 ? "line was" : "lines were"} refused`}>
            Mend them in your file and import it again: what is in already stays as it is.
          </Callout>
          <ul
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label="Refused lines"
            className="max-h-60 divide-y divide-line overflow-auto rounded-lg border border-line text-sm"
          >
            {faults.map(({ line, message }) => (
              <li key={line} className="flex gap-3 px-3 py-1.5">
                <span className="w-20 shrink-0 text-ink-muted">Line {formatCount(line)}</span>
                <span className="wrap-anywhere min-w-0">{message}</span>
              </li>
            ))}
          </ul>
          {refused > faults.length && <p className="text-ink-muted text-sm">The first {faults.length} are listed.</p>}
        </div>
      )}
    </div>
  );
}
