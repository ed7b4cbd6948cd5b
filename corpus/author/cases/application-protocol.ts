import type { Evidence } from "../../../src/evidence/evidence.ts";
import { type CorpusCase, defineCase } from "../case.ts";
import { httpProbe } from "../cluster/probes.ts";
import { shop } from "../cluster/shop.ts";
import { banner, get, h2c, https, ok, post } from "../nginx/behaviours.ts";
import { record } from "../nginx/record.ts";
import type { GatewaySettings, PodState, RequestPlan } from "../nginx/script.ts";
import { everyday } from "../nginx/traffic.ts";

type Protocol = NonNullable<GatewaySettings["backendProtocol"]>;

interface Spoken {
  readonly namespace: string;
  readonly app: string;
  readonly host: string;
  readonly port: number;
  readonly portName?: string;
  readonly gateway: Protocol;
  readonly pods: PodState;
  readonly settings?: GatewaySettings;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly probe?: ReturnType<typeof httpProbe> | null;
  readonly requests?: readonly RequestPlan[];
  readonly appLog?: readonly string[];
  readonly placed?: readonly string[];
}

/** One application, and a gateway that speaks `gateway` to its pods. */
async function speaking(s: Spoken): Promise<Evidence> {
  const c = shop(s.namespace, {
    app: s.app,
    host: s.host,
    servicePort: s.port,
    options: {
      port: s.port,
      portName: s.portName ?? "http",
      ...(s.probe === undefined ? {} : { probe: s.probe }),
    },
  });
  if (s.portName !== undefined)
    c.service(s.app, { port: s.port, portName: s.portName, targetPort: s.portName });
  const said = s.gateway === "HTTP" ? {} : { "nginx.ingress.kubernetes.io/backend-protocol": s.gateway };
  c.ingress(s.app, {
    host: s.host,
    paths: { "/": { service: s.app, port: s.port } },
    annotations: { ...said, ...s.annotations },
  });
  const way = c.way(s.app);
  const r = await record({
    ...way,
    pods: Object.fromEntries(way.servers.map((address) => [address, s.pods])),
    settings: { backendProtocol: s.gateway, ...s.settings },
    requests: s.requests ?? everyday(),
  });
  c.gatewayLog(r.atEach(...(s.placed ?? ["-43m", "-18m", "-2m"])));
  for (const p of c.pods(s.app)) if (s.appLog !== undefined) c.appLog(p, s.appLog);
  return c.evidence();
}

const dashboard = {
  namespace: "kubernetes-dashboard",
  app: "dashboard",
  host: "dashboard.example.com",
  port: 8443,
  portName: "https",
};
const admin = { namespace: "tools", app: "console", host: "console.example.com", port: 9090 };
const grpcCalls = [
  post("/chat.v1.Rooms/List", {
    times: 8,
    everyMs: 180,
    headers: { "Content-Type": "application/grpc" },
    userAgent: "grpc-go/1.68.0",
  }),
];
const rooms = {
  namespace: "chat",
  app: "rooms",
  host: "grpc.chat.example.com",
  port: 50_051,
  portName: "grpc",
};

/** SETTINGS, its acknowledgement, and a HEADERS frame that names entry 64 of a table that has 61. */
const invalidIndex = `${frame(4, 0, 0, "")}${frame(4, 1, 0, "")}${frame(1, 4, 1, "\u00c0")}`;

function frame(type: number, flags: number, stream: number, payload: string): string {
  return String.fromCharCode(0, 0, payload.length, type, flags, 0, 0, 0, stream) + payload;
}

export const cases: CorpusCase[] = [
  defineCase({
    id: "application-expects-tls-gateway-speaks-plain",
    title: "The pods serve HTTPS on 8443 and the Ingress does not say so",
    target: "dashboard.example.com/",
    build: () =>
      speaking({
        ...dashboard,
        gateway: "HTTP",
        pods: https(),
        probe: httpProbe("/", "https", { httpGet: { path: "/", port: "https", scheme: "HTTPS" } }),
      }),
    expect: { status: "explained", causes: ["backend-protocol-https-expected"], share: 1 },
  }),
  defineCase({
    id: "application-expects-tls-gateway-speaks-tls",
    title: "The pods serve HTTPS on 8443 and the Ingress says so",
    target: "dashboard.example.com/",
    twinOf: "application-expects-tls-gateway-speaks-plain",
    differs: "backend-protocol is HTTPS",
    build: () =>
      speaking({
        ...dashboard,
        gateway: "HTTPS",
        pods: https(),
        probe: httpProbe("/", "https", { httpGet: { path: "/", port: "https", scheme: "HTTPS" } }),
      }),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-says-it-was-spoken-to-in-plain-http",
    title:
      "A port that is named neither TLS nor by number, and an application that complains of plain requests",
    target: "console.example.com/",
    build: () =>
      speaking({
        ...admin,
        gateway: "HTTP",
        pods: https(),
        probe: null,
        appLog: [
          '{"level":"info","msg":"listening on :9090"}',
          "2026/11/18 09:47:00 http: TLS handshake error from 10.42.1.5:40212: tls: first record does not look like a TLS handshake",
          "2026/11/18 10:12:00 http: TLS handshake error from 10.42.1.5:41876: tls: first record does not look like a TLS handshake",
        ],
      }),
    expect: { status: "explained", causes: ["backend-protocol-https-expected"], share: 1 },
  }),
  defineCase({
    id: "application-closes-everything-unsaid",
    title: "Every connection is cut after the request; neither port, probe nor log says what the pods expect",
    target: "console.example.com/",
    twinOf: "application-says-it-was-spoken-to-in-plain-http",
    differs: "the application's log says nothing",
    build: () =>
      speaking({
        ...admin,
        gateway: "HTTP",
        pods: https(),
        probe: null,
        appLog: ['{"level":"info","msg":"listening on :9090"}'],
      }),
    expect: { status: "unexplained", causes: [] },
  }),
  defineCase({
    id: "application-speaks-plain-gateway-speaks-tls",
    title: "The Ingress says HTTPS and the pods serve plain HTTP",
    target: "console.example.com/",
    build: () => speaking({ ...admin, gateway: "HTTPS", pods: ok() }),
    expect: { status: "explained", causes: ["backend-protocol-http-expected"], share: 1 },
  }),
  defineCase({
    id: "application-speaks-plain-gateway-too",
    title: "The pods serve plain HTTP and the Ingress says nothing of a protocol",
    target: "console.example.com/",
    twinOf: "application-speaks-plain-gateway-speaks-tls",
    differs: "the Ingress has no backend-protocol annotation",
    build: () => speaking({ ...admin, gateway: "HTTP", pods: ok() }),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-speaks-http1-gateway-speaks-grpc",
    title: "The gateway calls the pods as gRPC servers and they answer in HTTP/1",
    source: "kubernetes/ingress-nginx#4323",
    target: "grpc.chat.example.com/",
    build: () => speaking({ ...rooms, gateway: "GRPC", pods: ok(), requests: grpcCalls }),
    expect: { status: "explained", causes: ["grpc-h2c-mismatch"], share: 1 },
  }),
  defineCase({
    id: "application-speaks-grpc-gateway-speaks-http1",
    title: "The pods are gRPC servers and the Ingress does not say so",
    target: "grpc.chat.example.com/",
    build: () => speaking({ ...rooms, gateway: "HTTP", pods: h2c, probe: null, requests: grpcCalls }),
    expect: { status: "explained", causes: ["grpc-h2c-mismatch"], share: 1 },
  }),
  defineCase({
    id: "application-and-gateway-speak-grpc",
    title: "The pods are gRPC servers and the Ingress says so",
    target: "grpc.chat.example.com/",
    twinOf: "application-speaks-grpc-gateway-speaks-http1",
    differs: "backend-protocol is GRPC",
    build: () => speaking({ ...rooms, gateway: "GRPC", pods: h2c, probe: null, requests: grpcCalls }),
    expect: { status: "healthy", causes: [] },
  }),
  defineCase({
    id: "application-http2-library-breaks-header-table",
    title: "The pods' HTTP/2 library names an entry that the header table does not have",
    source: "kubernetes/ingress-nginx#2405",
    target: "grpc.chat.example.com/",
    twinOf: "application-speaks-http1-gateway-speaks-grpc",
    differs: "the pods answer in HTTP/2, with a broken header block",
    build: () => speaking({ ...rooms, gateway: "GRPC", pods: banner(invalidIndex), requests: grpcCalls }),
    expect: { status: "explained", causes: ["invalid-response-header"], share: 1 },
  }),
  defineCase({
    id: "application-certificate-of-another-name",
    title: "The gateway verifies the pods' certificate, which is for another name",
    source: "kubernetes/ingress-nginx#4928",
    target: "dashboard.example.com/",
    build: () =>
      speaking({
        ...dashboard,
        gateway: "HTTPS",
        pods: https({ name: "dashboard.internal" }),
        settings: { sslVerify: true },
        annotations: {
          "nginx.ingress.kubernetes.io/proxy-ssl-verify": "on",
          "nginx.ingress.kubernetes.io/proxy-ssl-secret": "kubernetes-dashboard/dashboard-ca",
        },
        requests: [get("/", { times: 14, everyMs: 120 })],
      }),
    expect: { status: "explained", causes: ["upstream-tls-verify-failed"], share: 1 },
  }),
  defineCase({
    id: "application-certificate-expired",
    title: "The gateway verifies the pods' certificate, which has expired",
    target: "dashboard.example.com/",
    build: () =>
      speaking({
        ...dashboard,
        gateway: "HTTPS",
        pods: https({ expired: true }),
        settings: { sslVerify: true },
        annotations: {
          "nginx.ingress.kubernetes.io/proxy-ssl-verify": "on",
          "nginx.ingress.kubernetes.io/proxy-ssl-secret": "kubernetes-dashboard/dashboard-ca",
        },
        requests: [get("/", { times: 14, everyMs: 120 })],
      }),
    expect: { status: "explained", causes: ["upstream-tls-verify-failed"], share: 1 },
  }),
  defineCase({
    id: "application-certificate-expired-unverified",
    title: "The pods' certificate has expired and the gateway does not look at it",
    target: "dashboard.example.com/",
    twinOf: "application-certificate-expired",
    differs: "proxy-ssl-verify is off, as it is unless set",
    build: () =>
      speaking({
        ...dashboard,
        gateway: "HTTPS",
        pods: https({ expired: true }),
        requests: [get("/", { times: 14, everyMs: 120 })],
      }),
    expect: { status: "healthy", causes: [] },
  }),
];
