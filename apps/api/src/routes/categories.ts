import { categoryBody, publicCategory } from "@tidings/core/categories/category-schemas";
import { deleteCategory } from "@tidings/core/categories/delete-category";
import { listCategories } from "@tidings/core/categories/list-categories";
import { presentCategory } from "@tidings/core/categories/present-category";
import { putCategory } from "@tidings/core/categories/put-category";
import { categorySchema } from "@tidings/core/notifications/notification-request";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { z } from "zod";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Categories";
const params = z.object({ key: categorySchema });

export const categoryRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/categories",
    operationId: "listCategories",
    tag,
    summary: "List stored categories, in the order of their keys",
    description:
      "A notification may be of a category that is not stored: people may unsubscribe from it, and it is called by its key.",
    scope: "read",
    query: pageQuery,
    status: 200,
    response: pageSchema(publicCategory),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query }) {
      const page = await listCategories(deps.database, principal.tenantId, readPage(query, "text"));
      return presentPage(page, presentCategory, (row) => row.key);
    },
  }),

  defineRoute({
    method: "PUT",
    path: "/v1/categories/{key}",
    operationId: "putCategory",
    tag,
    summary: "Store a category",
    description:
      "Says how people read it, and whether it goes out although they unsubscribed. Keys of both modes share it.",
    scope: "manage",
    params,
    body: categoryBody,
    status: 200,
    response: publicCategory,
    async handle({ deps, principal }, { params, body }) {
      return presentCategory(await putCategory(deps.database, principal.tenantId, params.key, body));
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/categories/{key}",
    operationId: "deleteCategory",
    tag,
    summary: "Forget a category",
    description: "It is like any other then: people may unsubscribe from it.",
    scope: "manage",
    params,
    status: 204,
    async handle({ deps, principal }, { params }) {
      await deleteCategory(deps.database, principal.tenantId, params.key);
    },
  }),
];
