import { isIP } from "node:net";
import { restingFor } from "./rest-connections.ts";
import { addressOfShot, type Shot } from "./shot.ts";

export interface K6Plan {
  readonly shot: Shot;
  readonly perSecond: number;
  readonly forMs: number;
  readonly answerMs: number;
  readonly restsMs: readonly number[];
  readonly limits: {
    readonly failed: { readonly most: number; readonly isShare: boolean };
    readonly p99?: { readonly mostMs: number };
  };
  readonly during?: { readonly text: string };
}

const mostVUs = 1000;

/**
 * The same load as a script for k6. Option names are those of grafana/k6-docs "k6 options" and "Constant arrival rate".
 * k6 counts latency from when it sends, and drops what is due while no VU is free (`dropped_iterations`).
 */
export function k6Script(plan: K6Plan): string {
  const { shot, restsMs, during } = plan;
  const { url, headers } = k6Target(shot);
  return [
    "// The load that why5xx load sends, for k6: k6 run THIS_FILE",
    ...(during === undefined
      ? []
      : [`// Meanwhile, in another terminal: kubectl ${JSON.stringify(during.text).slice(1, -1)}`]),
    'import { sleep } from "k6";',
    'import http from "k6/http";',
    'import { Counter } from "k6/metrics";',
    "",
    "// No answer, or a status of 500 and more.",
    'const failed = new Counter("failed");',
    "http.setResponseCallback(http.expectedStatuses({ min: 100, max: 499 }));",
    "",
    `export const options = ${JSON.stringify(optionsOf(plan), undefined, 2)};`,
    "",
    "/** 32 hexadecimal digits, which ingress-nginx takes over and logs as $req_id. */",
    "const requestId = () =>",
    '  Array.from({ length: 4 }, () => Math.floor(Math.random() * 2 ** 32).toString(16).padStart(8, "0")).join("");',
    "",
    "export default function send() {",
    `  const response = http.request(${JSON.stringify(shot.method)}, ${JSON.stringify(url)}, null, {`,
    `    headers: { ...${JSON.stringify(headers)}, "X-Request-ID": requestId() },`,
    `    timeout: ${JSON.stringify(seconds(plan.answerMs))},`,
    "    redirects: 0,",
    "  });",
    "  if (response.status === 0 || response.status >= 500) failed.add(1);",
    "}",
    ...restsMs.flatMap((ms) => [
      "",
      `/** Each VU has connections of its own, which rest ${seconds(ms)}. */`,
      `export function ${restName(ms)}() {`,
      "  send();",
      `  sleep(${ms / 1000});`,
      "}",
    ]),
    "",
  ].join("\n");
}

const restName = (ms: number): string => `rest${ms}ms`;

const seconds = (ms: number): string => `${ms / 1000}s`;

/** An address goes into `hosts`; a name cannot, so it is asked by URL and the Host header says who is meant. */
function k6Target({ url, connectTo, headers = {} }: Shot): {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  if (connectTo === undefined || isIP(connectTo.host) !== 0) return { url: url.href, headers };
  const asked = new URL(url);
  asked.hostname = connectTo.host;
  asked.port = String(connectTo.port);
  return { url: asked.href, headers: { Host: url.host, ...headers } };
}

function optionsOf({ shot, perSecond, forMs, answerMs, restsMs, limits }: K6Plan): object {
  const { connectTo } = shot;
  const duration = seconds(forMs);
  const gracefulStop = seconds(answerMs);
  const rests = restsMs.map((ms) => [
    restName(ms),
    { executor: "constant-vus", vus: restingFor(ms, restsMs), duration, gracefulStop, exec: restName(ms) },
  ]);
  return {
    scenarios: {
      steady: {
        executor: "constant-arrival-rate",
        ...rateOf(perSecond),
        duration,
        gracefulStop,
        preAllocatedVUs: Math.min(mostVUs, Math.max(10, Math.ceil(perSecond))),
        maxVUs: mostVUs,
      },
      ...Object.fromEntries(rests),
    },
    thresholds: {
      ...(limits.failed.isShare
        ? { http_req_failed: [`rate<=${limits.failed.most}`] }
        : { failed: [`count<=${limits.failed.most}`] }),
      ...(limits.p99 === undefined ? {} : { http_req_duration: [`p(99)<=${limits.p99.mostMs}`] }),
    },
    ...(connectTo === undefined || isIP(connectTo.host) === 0 ? {} : { hosts: hostsOf(shot, connectTo) }),
    ...(shot.isInsecure ? { insecureSkipTLSVerify: true } : {}),
    userAgent: "why5xx-load",
    discardResponseBodies: true,
  };
}

/** k6 takes whole numbers of iterations. */
function rateOf(perSecond: number): { readonly rate: number; readonly timeUnit: string } {
  const unit = [1, 10, 100, 1000].find((s) => Number.isInteger(Number((perSecond * s).toFixed(6)))) ?? 1000;
  return { rate: Math.round(perSecond * unit), timeUnit: `${unit}s` };
}

function hostsOf(shot: Shot, to: { readonly host: string; readonly port: number }): Record<string, string> {
  const { host, port } = addressOfShot({ method: shot.method, url: shot.url, isInsecure: false });
  return { [`${host}:${port}`]: `${to.host.includes(":") ? `[${to.host}]` : to.host}:${to.port}` };
}
