"use client";

import { type KeyboardEvent, type ReactNode, useState } from "react";
import {
  type Control,
  type ControllerRenderProps,
  type FieldPath,
  type FieldValues,
  FormProvider,
  type UseFormReturn,
  useController,
  useFormState,
} from "react-hook-form";
import { config } from "zod";
import { Button, type ButtonProps } from "./button";
import { Callout } from "./callout";
import { cn } from "./cn";
import { DialogClose } from "./dialog";
import { type Failure, failureOf } from "./failure";
import { Field, type FieldProps } from "./field";
import { RequestId } from "./request-id";

config({ jitless: true }); // the page's policy forbids eval; zod's try of it would be reported as an attack

/** A form on react-hook-form: give every field a default value, and a zod resolver to `useForm`. */
export interface FormProps<Values extends FieldValues, Output> {
  form: UseFormReturn<Values, unknown, Output>;
  /** Sends it. What it throws is shown: beside the fields it points to, the rest above the buttons. */
  onSubmit: (values: Output) => Promise<unknown> | unknown;
  className?: string | undefined;
  /** `FormField`s, then a `FormActions`. ⌘↵ submits from anywhere in it. */
  children: ReactNode;
}

export function Form<Values extends FieldValues, Output>(props: FormProps<Values, Output>) {
  const { form, onSubmit, className, children } = props;
  const [failure, setFailure] = useState<Failure | null>(null);

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      await onSubmit(values);
    } catch (thrown) {
      setFailure(showBesideFields(form, failureOf(thrown)));
    }
  });

  function submitByKey(event: KeyboardEvent<HTMLFormElement>) {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.defaultPrevented) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  }

  return (
    <FormProvider {...form}>
      <form
        method="post" // sent before the page's scripts are there, a password must not stand in an address
        noValidate
        onSubmit={(event) => {
          event.stopPropagation(); // a form in a dialog is, for React, within the form around the dialog
          void submit(event);
        }}
        onKeyDown={submitByKey}
        className={cn("space-y-5", className)}
      >
        {children}
        {failure && (
          <Callout tone="bad" title={failure.message}>
            {failure.requestId && <RequestId id={failure.requestId} />}
          </Callout>
        )}
      </form>
    </FormProvider>
  );
}

/** Puts each error to its field; what is left over, or null when everything has found its place. */
function showBesideFields<Values extends FieldValues, Output>(
  form: UseFormReturn<Values, unknown, Output>,
  failure: Failure,
): Failure | null {
  const homeless: string[] = [];
  let focused = false;
  for (const { pointer, message } of failure.errors ?? []) {
    const path = pathOf(pointer) as FieldPath<Values>;
    if (path === "" || form.getValues(path) === undefined) {
      homeless.push(message);
      continue;
    }
    form.setError(path, { type: "server", message }, { shouldFocus: !focused });
    focused = true;
  }
  if (focused && homeless.length === 0) return null;
  return homeless.length > 0 ? { ...failure, message: homeless.join(". ") } : failure;
}

/** `/config/host` as react-hook-form spells it: `config.host`. */
function pathOf(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}

/** A `Field` bound to a value of the form. */
export type FormFieldProps<Values extends FieldValues, Name extends FieldPath<Values>, Output> = Omit<
  FieldProps,
  "error" | "children"
> & {
  /** `form.control` */
  control: Control<Values, unknown, Output>;
  name: Name;
  /** Renders the control: `(field) => <Input {...field} />`; others take `value` and `onValueChange={field.onChange}`. */
  children: (field: ControllerRenderProps<Values, Name>) => ReactNode;
};

export function FormField<Values extends FieldValues, Name extends FieldPath<Values>, Output>(
  props: FormFieldProps<Values, Name, Output>,
) {
  const { control, name, children, ...field } = props;
  const { field: bound, fieldState } = useController<Values, Name, Output>({ control, name });
  return (
    <Field {...field} error={fieldState.error?.message}>
      {children(bound)}
    </Field>
  );
}

/** Submits the form around it; busy while that lasts. */
export function SubmitButton({ variant = "primary", ...props }: Omit<ButtonProps, "type" | "busy">) {
  const { isSubmitting } = useFormState();
  return (
    <Button
      {...props}
      variant={variant}
      type="submit"
      busy={isSubmitting}
      aria-keyshortcuts="Meta+Enter Control+Enter"
    />
  );
}

/** The row of buttons at a form's end, the primary one last. */
export function FormActions({ className, children }: { className?: string; children: ReactNode }) {
  return <div className={cn("flex flex-wrap justify-end gap-2", className)}>{children}</div>;
}

/** The end of a form in a dialog: one may leave it, or send it with the `SubmitButton` inside. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <FormActions>
      <DialogClose>
        <Button>Cancel</Button>
      </DialogClose>
      {children}
    </FormActions>
  );
}
