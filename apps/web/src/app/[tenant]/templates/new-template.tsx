"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { SkeletonFields } from "../../../ui/skeleton";

const NewTemplateForm = dynamic(() => import("./new-template-form").then((module) => module.NewTemplateForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={6} />,
});

/** The button that makes a template, and the dialog behind it. */
export function NewTemplate() {
  return (
    <Dialog
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          New template
        </Button>
      }
      title="New template"
      description="It begins as a draft: nothing is sent before you publish it."
    >
      <NewTemplateForm />
    </Dialog>
  );
}
