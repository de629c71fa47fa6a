"use client";

import dynamic from "next/dynamic";
import { type ReactElement, useState } from "react";
import { Dialog } from "../../../../ui/dialog";
import { SkeletonFields } from "../../../../ui/skeleton";
import type { Category } from "./category";

const CategoryForm = dynamic(() => import("./category-form").then((module) => module.CategoryForm), {
  ssr: false,
  loading: () => <SkeletonFields fields={3} />,
});

/** Adds a category, or changes the one it is given; its key stays. */
export function PutCategory({ category, trigger }: { category?: Category; trigger: ReactElement }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      title={category ? `Category “${category.name}”` : "Add a category"}
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
    >
      <CategoryForm category={category} onDone={() => setOpen(false)} />
    </Dialog>
  );
}
