"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { authClient, orThrow } from "../../../shell/auth-client";
import { Button } from "../../../ui/button";
import { Checkbox } from "../../../ui/checkbox";
import { Form, FormField, SubmitButton } from "../../../ui/form";
import { Input } from "../../../ui/input";

const schema = z.object({
  code: z.string().trim().min(6, "Give the whole code."),
  trustDevice: z.boolean(),
});

/**
 * The second step of signing in: a code of the authenticator app, or one of the recovery codes.
 * @param mayTrust whether the browser can be left out of it for a month; not where somebody is signed in already
 */
export function SecondFactorForm({ onDone, mayTrust = true }: { onDone: () => void; mayTrust?: boolean }) {
  const [isRecovering, setIsRecovering] = useState(false);
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { code: "", trustDevice: false } });

  async function verify({ code, trustDevice }: z.output<typeof schema>) {
    if (isRecovering) await orThrow(authClient.twoFactor.verifyBackupCode({ code }));
    else await orThrow(authClient.twoFactor.verifyTotp({ code: code.replaceAll(" ", ""), trustDevice }));
    onDone();
  }

  return (
    <Form form={form} onSubmit={verify}>
      <FormField
        control={form.control}
        name="code"
        label={isRecovering ? "Recovery code" : "Code of your authenticator app"}
        help={
          isRecovering ? "One of the codes you kept when you set up the second factor. Each works once." : undefined
        }
      >
        {(field) => (
          <Input {...field} autoComplete="one-time-code" inputMode={isRecovering ? "text" : "numeric"} autoFocus />
        )}
      </FormField>
      {!isRecovering && mayTrust && (
        <FormField control={form.control} name="trustDevice" label="This browser" labelHidden>
          {(field) => (
            <Checkbox
              label="Do not ask again here for 30 days"
              name={field.name}
              checked={field.value}
              onChange={field.onChange}
            />
          )}
        </FormField>
      )}
      <SubmitButton size="lg" className="w-full">
        Verify
      </SubmitButton>
      <Button
        variant="ghost"
        className="w-full"
        onClick={() => {
          setIsRecovering(!isRecovering);
          form.reset();
        }}
      >
        {isRecovering ? "Use the authenticator app" : "Use a recovery code"}
      </Button>
    </Form>
  );
}
