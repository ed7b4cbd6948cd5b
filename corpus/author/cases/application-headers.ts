import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { shop } from "../cluster/shop.ts";
import { answer, byPath, get } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { Answer } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

/** A code host whose paginated lists carry long Link and CSP headers; `bufferSize` as annotated. */
async function paginated(bufferSize?: string): Promise<Evidence> {
  const c = shop("git", { app: "webservice", host: "git.example.com", options: { replicas: 2, port: 8181 } });
  c.ingress("webservice", {
    host: "git.example.com",
    paths: { "/": "webservice" },
    annotations:
      bufferSize === undefined ? {} : { "nginx.ingress.kubernetes.io/proxy-buffer-size": bufferSize },
  });
  const way = c.way("webservice");
  const page = {
    ...answer.ok(),
    headers: { Link: `<https://git.example.com/api/v4/projects?page=2>; rel="next"${", <x>".repeat(1200)}` },
  };
  const state = byPath({ "/api/v4/projects": page }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    settings: bufferSize === undefined ? {} : { bufferSize },
    requests: [...everyday(), get("/api/v4/projects?per_page=100", { times: 6, everyMs: 280 })],
  });
  c.gatewayLog(r.atEach("-39m", "-24m", "-5m"));
  return c.evidence();
}

/** A login callback that sets one large cookie; its Ingress has a StatefulSet behind it. */
async function afterLogin(headerBytes: number, fromConfig = false): Promise<Evidence> {
  const c = shop("auth", {
    app: "keycloak",
    host: "login.example.org",
    path: "/realms",
    options: { kind: "StatefulSet", replicas: 2, port: 8080 },
  });
  if (fromConfig) c.gatewayConfig({ "proxy-buffer-size": "8k" });
  const way = c.way("keycloak");
  const state = byPath({ "/realms/main/callback": answer.bigHeader(headerBytes) }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    settings: fromConfig ? { bufferSize: "8k" } : {},
    requests: [
      get("/realms/main", { times: 12, everyMs: 110 }),
      get("/realms/main/callback?code=x", { times: 5, everyMs: 290, atMs: 30 }),
    ],
  });
  c.gatewayLog(r.atEach("-50m", "-28m", "-11m"));
  return c.evidence();
}

/** A tracing header with a control character in its name, or without. */
async function traced(header: Answer): Promise<Evidence> {
  const c = shop("iot", {
    app: "ingest",
    host: "iot.example.com",
    path: "/v2",
    options: { replicas: 3, port: 7000 },
  });
  const way = c.way("ingest");
  const state = byPath({ "/v2/devices": header }, answer.ok());
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((s) => [s, state])),
    requests: [
      get("/v2/health", { times: 10, everyMs: 150 }),
      get("/v2/devices/81", { times: 7, everyMs: 210 }),
    ],
  });
  c.gatewayLog(r.atEach("-33m", "-12m"));
  return c.evidence();
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "application-headers-of-lists-too-long",
    title:
      "Paginated lists answer 200 with headers that do not fit 4 KiB: 502 for that path, nothing in the application's log",
    source: "https://gitlab.com/gitlab-com/gl-infra/production/-/issues/7516",
    target: "git.example.com/",
    build: () => paginated(),
    expect: { status: "explained", causes: ["response-header-too-large"], share: 1 },
  }),
  defineCase({
    id: "application-headers-of-lists-have-room",
    title: "The same lists, and a buffer of 16 KiB",
    target: "git.example.com/",
    twinOf: "application-headers-of-lists-too-long",
    differs: "proxy-buffer-size is 16k",
    build: () => paginated("16k"),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-login-cookie-too-long",
    title:
      "The cookie after login does not fit the gateway's buffer: everybody can browse, nobody can log in",
    source: "wireapp/wire-server-deploy#93",
    target: "login.example.org/realms",
    build: () => afterLogin(6000),
    expect: { status: "explained", causes: ["response-header-too-large"], share: 1 },
  }),
  defineCase({
    id: "application-login-cookie-too-long-for-a-raised-buffer",
    title: "The buffer was raised to 8 KiB for the whole gateway and the cookie grew beyond it",
    source: "cnoe-io/idpbuilder#151",
    target: "login.example.org/realms",
    build: () => afterLogin(9000, true),
    expect: { status: "explained", causes: ["response-header-too-large"], share: 1 },
  }),
  defineCase({
    id: "application-login-cookie-fits",
    title: "The cookie after login fits",
    target: "login.example.org/realms",
    twinOf: "application-login-cookie-too-long",
    differs: "the cookie is 2,000 bytes long instead of 6,000",
    build: () => afterLogin(2000),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-header-with-control-character",
    title: "One path's answers carry a header name with a control character",
    target: "iot.example.com/v2",
    build: () => traced(answer.invalidHeader),
    expect: { status: "explained", causes: ["invalid-response-header"], share: 1 },
  }),
  defineCase({
    id: "application-header-without-control-character",
    title: "The same path with a well-formed header",
    target: "iot.example.com/v2",
    twinOf: "application-header-with-control-character",
    differs: "the header's name is X-Trace",
    build: () => traced(answer.ok(3, { headers: { "X-Trace": "1" } })),
    expect: { status: "healthy", causes: [] },
  }),
];
