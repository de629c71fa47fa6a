import type { ConfigValues } from "./config-values";

/** An account as the form's fields hold it. */
export interface AccountValues {
  name: string;
  channels: string[];
  weight: string;
  rate: { perSecond: string; burst: string };
  config: ConfigValues;
}
