import type { Route } from "../route";
import { notificationRoutes } from "./notifications";

/** Every route of the API. */
export const routes: readonly Route[] = [...notificationRoutes];
