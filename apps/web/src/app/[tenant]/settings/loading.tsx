import { SkeletonRows } from "../../../ui/skeleton";

/** While a page of the settings is on its way. */
export default function SettingsLoading() {
  return <SkeletonRows rows={6} />;
}
