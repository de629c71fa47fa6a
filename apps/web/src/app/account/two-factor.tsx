"use client";

import { Button } from "../../ui/button";
import { Card, CardBody } from "../../ui/card";
import { Section } from "../../ui/section";
import { Status } from "../../ui/status";
import { RenewCodes } from "./renew-codes";
import { SetUpTwoFactor } from "./set-up-two-factor";
import { TurnOffTwoFactor } from "./turn-off-two-factor";

/** Whether signing in takes a code besides the password, and what can be done about it. */
export function TwoFactor(props: { isOn: boolean; hasPassword: boolean; asking: string[]; opened: boolean }) {
  const { isOn, hasPassword, asking, opened } = props;
  return (
    <Section title="Second factor" description="A code of an app on your phone, besides the password, to sign in.">
      <Card>
        <CardBody className="flex flex-wrap items-center justify-between gap-3">
          <div className="min-w-0 space-y-1 text-sm">
            {isOn ? <Status tone="good">On</Status> : <Status tone="neutral">Off</Status>}
            <p className="max-w-prose text-pretty text-ink-muted">
              {isOn && "Lost the phone? Each of your recovery codes signs you in once."}
              {!isOn && hasPassword && "With it on, a stolen password alone signs nobody in."}
              {!isOn && !hasPassword && "It stands beside a password: choose one first."}
            </p>
          </div>
          <div className="flex flex-wrap gap-2">
            {isOn && <RenewCodes />}
            {isOn && <TurnOffTwoFactor asking={asking} />}
            {!isOn && <SetUpTwoFactor opened={opened} trigger={<Button disabled={!hasPassword}>Set up</Button>} />}
          </div>
        </CardBody>
      </Card>
    </Section>
  );
}
