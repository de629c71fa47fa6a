import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { problemOf } from "@tidings/shared/problem";
import { Refusal, type RefusalCode, refusals } from "@tidings/shared/refusals";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveDocs } from "./docs";
import { routes } from "./routes";

describe("the reference", () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const app = express();
    serveDocs(app, routes);
    await new Promise<void>((resolve) => {
      server = app.listen(0, "127.0.0.1", () => resolve());
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const get = async (path: string) => {
    const response = await fetch(url + path);
    return { response, text: await response.text() };
  };

  it("serves the document", async () => {
    const { response, text } = await get("/openapi.json");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(JSON.parse(text)).toMatchObject({ openapi: "3.1.1", paths: { "/v1/notifications": {} } });
  });

  it.each(["/docs", "/docs/errors"])("loads everything %s needs from this server", async (path) => {
    const { text } = await get(path);
    const loaded = [...text.matchAll(/<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"/g)].map(
      (match) => match[1] ?? "",
    );
    const files = loaded.filter((address) => !address.startsWith("data:"));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(file).toMatch(/^\/docs\//);
      expect((await get(file)).response.status, file).toBe(200);
    }
  });

  it("forbids scripts and styles of any other origin, and inline ones", async () => {
    for (const path of ["/docs", "/docs/errors", "/docs/swagger-ui-bundle.js"]) {
      const { response } = await get(path);
      const policy = response.headers.get("content-security-policy");
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain("unsafe");
    }
  });

  it("describes every refusal where its problem's type leads", async () => {
    const { text } = await get("/docs/errors");
    for (const code of Object.keys(refusals) as RefusalCode[]) {
      const { type, title } = problemOf(new Refusal(code, "A sentence."), "req_1");
      const [path, anchor] = type.split("#");
      expect(path).toBe("/docs/errors");
      expect(text).toContain(`<section id="${anchor}">`);
      expect(text).toContain(title);
    }
  });
});
