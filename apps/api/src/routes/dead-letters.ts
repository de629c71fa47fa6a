import { publicDeadLetter } from "@tidings/core/dead-letters/dead-letter-schemas";
import { getDeadLetter } from "@tidings/core/dead-letters/get-dead-letter";
import { listDeadLetters } from "@tidings/core/dead-letters/list-dead-letters";
import { presentDeadLetter } from "@tidings/core/dead-letters/present-dead-letter";
import { replayDeadLetter } from "@tidings/core/dead-letters/replay-dead-letter";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { idParams } from "../id-params";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Dead letters";
const params = idParams("deadLetter");

export const deadLetterRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/dead-letters",
    operationId: "listDeadLetters",
    tag,
    summary: "List dead letters, newest first",
    description:
      "Notifications the pipeline could not route, with the reason. They stay PENDING: the sweeper tries them again from time to time, a replay does at once.",
    scope: "manage",
    query: pageQuery,
    status: 200,
    response: pageSchema(publicDeadLetter),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listDeadLetters(deps.database, principal, readPage(query));
      return presentPage(page, presentDeadLetter, (row) => row.id);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/dead-letters/{id}",
    operationId: "getDeadLetter",
    tag,
    summary: "A dead letter",
    scope: "manage",
    params,
    status: 200,
    response: publicDeadLetter,
    async handle({ deps, principal }, { params }) {
      return presentDeadLetter(await getDeadLetter(deps.database, principal, params.id));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/dead-letters/{id}/replay",
    operationId: "replayDeadLetter",
    tag,
    summary: "Replay a dead letter",
    description:
      "Sends its notification through the pipeline again. Replaying twice sends once. When it fails again, a new dead letter says why.",
    scope: "manage",
    params,
    status: 200,
    response: publicDeadLetter,
    refusals: ["conflict"],
    async handle({ deps, principal }, { params }) {
      return presentDeadLetter(await replayDeadLetter(deps, principal, params.id));
    },
  }),
];
