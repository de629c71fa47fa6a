import { Prisma } from "@tidings/db/client";

/** What reports tell of a suppression, as the catalogue in shared names it: from columns of a row `v`. */
export const suppressionFacts = Prisma.sql`jsonb_build_object('id', v.id, 'channel', v.channel, 'address', v.address,
  'category', nullif(v.category, ''), 'reason', v.reason, 'detail', v.detail)`;
