"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useTenant } from "../../../shell/tenant-context";
import { Card, CardBody } from "../../../ui/card";
import { ErrorState } from "../../../ui/error-state";
import { failureOf } from "../../../ui/failure";
import { Form, FormActions, FormField, SubmitButton } from "../../../ui/form";
import { IdChip } from "../../../ui/id-chip";
import { Input } from "../../../ui/input";
import { KeyValue } from "../../../ui/key-value";
import { Section } from "../../../ui/section";
import { SkeletonRows } from "../../../ui/skeleton";
import { Switch } from "../../../ui/switch";
import { ExactTime } from "../../../ui/time";
import { toast } from "../../../ui/toast";
import { type Settings, useSettings } from "./use-settings";

/** Name, contact address and how messages go out; for those who may not change them, as facts. */
export function GeneralSettings() {
  const { can } = useTenant();
  const { query, change } = useSettings();
  const mayWrite = can("settings.write");
  if (query.isError && !query.data)
    return (
      <ErrorState title="The settings could not be loaded" error={query.error} onRetry={() => void query.refetch()} />
    );
  if (!query.data) return <SkeletonRows rows={6} />;
  const settings = query.data;
  return (
    <div className="max-w-3xl space-y-8">
      <Section title="Tenant">
        <Card>
          <CardBody className="space-y-3">
            {mayWrite && <NameForm settings={settings} change={change} />}
            <KeyValue
              items={[
                ...(mayWrite
                  ? []
                  : [
                      { label: "Name", value: settings.name },
                      { label: "Contact address", value: settings.contactEmail },
                    ]),
                { label: "Short name", value: <code className="font-mono">{settings.slug}</code> },
                { label: "Id", value: <IdChip id={settings.id} length={22} /> },
                { label: "Created", value: <ExactTime at={settings.createdAt} /> },
              ]}
            />
          </CardBody>
        </Card>
      </Section>
      <Section title="Sending" description="Changes take effect within a minute.">
        <Card>
          <ul className="divide-y divide-line">
            {switches.map(({ name, label, help }) => (
              <li key={name} className="px-4 py-3">
                <Switch
                  label={label}
                  help={help}
                  checked={settings[name]}
                  disabled={!mayWrite}
                  onCheckedChange={(checked) =>
                    void change({ [name]: checked }).catch((error) => toast.bad(failureOf(error).message))
                  }
                />
              </li>
            ))}
          </ul>
        </Card>
      </Section>
    </div>
  );
}

const switches = [
  {
    name: "tracksOpens",
    label: "Track opens",
    help: "Live emails carry an invisible image that tells when it is loaded. Some mail programs load it unasked, others never, so take opens as a hint. Where the law asks for consent, ask first.",
  },
  {
    name: "tracksClicks",
    label: "Track clicks",
    help: "Links in live emails lead through the platform, which notes the click and leads on. Links to unsubscribe stay as they are.",
  },
] as const;

const shape = z.object({
  name: z.string().trim().min(1, "Give the tenant a name.").max(100),
  contactEmail: z.string().trim(),
});

function NameForm({ settings, change }: { settings: Settings; change: ReturnType<typeof useSettings>["change"] }) {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: { name: settings.name, contactEmail: settings.contactEmail ?? "" },
  });

  async function save({ name, contactEmail }: z.output<typeof shape>) {
    await change({ name, contactEmail: contactEmail || null });
    form.reset({ name, contactEmail });
    toast.good("Saved");
    router.refresh(); // the switcher shows the name too
  }

  return (
    <Form form={form} onSubmit={save}>
      <FormField control={form.control} name="name" label="Name" help="What your team, and people you invite, see.">
        {(field) => <Input {...field} autoComplete="organization" />}
      </FormField>
      <FormField
        control={form.control}
        name="contactEmail"
        label="Contact address"
        optional
        help="Gets a mail when a quota is nearly used up or an endpoint keeps failing. Empty: the owners get it."
      >
        {(field) => <Input {...field} type="email" autoComplete="email" placeholder="team@example.com" />}
      </FormField>
      <FormActions>
        <SubmitButton disabled={!form.formState.isDirty}>Save</SubmitButton>
      </FormActions>
    </Form>
  );
}
