"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { type ReactElement, useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../shell/auth-client";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { Dialog, DialogClose } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { DialogActions, Form, FormField, SubmitButton } from "../../ui/form";
import { Input } from "../../ui/input";
import { QrCode } from "../../ui/qr-code";
import { PasswordStep } from "./password-step";
import { RecoveryCodes } from "./recovery-codes";

type Step = { name: "password" } | { name: "app"; uri: string; codes: string[] } | { name: "codes"; codes: string[] };

const titles = {
  password: "Set up a second factor",
  app: "Add Tidings to your authenticator app",
  codes: "Your recovery codes",
};

/** Password, the app's key and its first code, recovery codes: nothing is on until the code was right. */
export function SetUpTwoFactor({ opened, trigger }: { opened: boolean; trigger: ReactElement }) {
  const router = useRouter();
  const [open, setOpen] = useState(opened);
  const [step, setStep] = useState<Step>({ name: "password" });

  async function begin(password: string) {
    const made = await orThrow(authClient.twoFactor.enable({ password }));
    if (made?.method !== "totp") throw new Error("The server gave no key. Try again.");
    setStep({ name: "app", uri: made.totpURI, codes: made.backupCodes });
  }

  function changeOpen(next: boolean) {
    setOpen(next);
    if (next) setStep({ name: "password" });
    else if (step.name === "codes") router.refresh();
  }

  return (
    <Dialog
      title={titles[step.name]}
      description={step.name === "app" && "Once it is on, you are signed out in every other browser."}
      trigger={trigger}
      open={open}
      onOpenChange={changeOpen}
      persistent={step.name !== "password"}
      footer={
        step.name === "codes" && (
          <DialogClose>
            <Button variant="primary">I have kept them</Button>
          </DialogClose>
        )
      }
    >
      {step.name === "password" && <PasswordStep action="Continue" onSubmit={begin} />}
      {step.name === "app" && <AppStep uri={step.uri} onDone={() => setStep({ name: "codes", codes: step.codes })} />}
      {step.name === "codes" && <RecoveryCodes codes={step.codes} />}
    </Dialog>
  );
}

const shape = z.object({
  code: z
    .string()
    .transform((text) => text.replaceAll(" ", ""))
    .pipe(z.string().regex(/^\d{6}$/, "Six digits, as the app shows them.")),
});

function AppStep({ uri, onDone }: { uri: string; onDone: () => void }) {
  const form = useForm({ resolver: zodResolver(shape), defaultValues: { code: "" } });
  const key = new URL(uri).searchParams.get("secret") ?? "";

  async function verify({ code }: z.output<typeof shape>) {
    await orThrow(authClient.twoFactor.verifyTotp({ code }));
    onDone();
  }

  return (
    <Form form={form} onSubmit={verify}>
      <Field
        group
        label="1. Scan this with the app, or type the key"
        help="Any authenticator app does, also that of a password manager. A key typed by hand is based on time."
      >
        <div className="mb-2 w-fit rounded-lg border border-line">
          <QrCode label="The key as a QR code" text={uri} />
        </div>
        <div className="flex items-center gap-2 rounded-lg border border-line-strong bg-sunken py-1.5 pr-1.5 pl-3">
          <code className="wrap-anywhere min-w-0 flex-1 font-mono text-sm" data-secret>
            {key.match(/.{1,4}/g)?.join(" ")}
          </code>
          <CopyButton text={key} label="Copy the key" variant="secondary" />
        </div>
        <a href={uri} className="mt-1 inline-block text-accent-ink text-sm underline underline-offset-2">
          Or open it in an app on this device
        </a>
      </Field>
      <FormField control={form.control} name="code" label="2. Give the code that the app shows">
        {(field) => (
          <Input {...field} inputMode="numeric" autoComplete="one-time-code" maxLength={7} placeholder="123 456" />
        )}
      </FormField>
      <DialogActions>
        <SubmitButton>Turn on</SubmitButton>
      </DialogActions>
    </Form>
  );
}
