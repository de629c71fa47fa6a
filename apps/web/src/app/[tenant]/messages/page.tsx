import type { Metadata } from "next";
import { Allowed } from "../../../shell/tenant-context";
import { MessagesPage } from "./messages-page";

export const metadata: Metadata = { title: "Messages" };

/** What happened to … */
export default function Page() {
  return (
    <Allowed action="messages.read" to="see messages">
      <MessagesPage />
    </Allowed>
  );
}
