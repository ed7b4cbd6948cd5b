import type { ProbedHop, SeenAnswer } from "../evidence/probed-hop.ts";
import type { Origin } from "../report/probe-report.ts";

interface Made {
  readonly who: Origin;
  readonly because: string;
}

/** Who made the status that a station in front of the pods gave: by what the pods say to the same request, else by the page. */
export function originOf(hop: ProbedHop, hops: readonly ProbedHop[]): Made | undefined {
  const { answer, place } = hop;
  if (answer === undefined) return undefined;
  if (place === "pod") return { who: "application", because: "the pod was asked itself" };
  const pods = hops.filter((h) => h.place === "pod" && h.port === "target");
  const asked = pods.filter((h) => h.unasked === undefined);
  const byPods = asked.length === 0 ? undefined : comparedWith(answer, asked, asked.length === pods.length);
  return byPods ?? byPage(answer);
}

function comparedWith(answer: SeenAnswer, pods: readonly ProbedHop[], areAll: boolean): Made | undefined {
  const alike = pods.filter((h) => h.answer?.status === answer.status);
  const twin = alike.find((h) => answer.bodyBytes > 0 && h.answer?.bodyHash === answer.bodyHash);
  if (twin !== undefined)
    return { who: "application", because: `pod ${twin.name} gives the same status and the same body` };
  const [first] = alike;
  if (first !== undefined && (answer.status < 400 || alike.length === pods.length)) {
    // An error page of the gateway's own may stand over the application's status (custom-http-errors).
    const isSame = first.answer?.bodyBytes === answer.bodyBytes;
    const body = isSame ? "" : ", with another body";
    return {
      who: "application",
      because: `${podsText(alike.length)} ${answers(alike.length)} ${answer.status} too${body}`,
    };
  }
  if (first !== undefined)
    return {
      who: "unknown",
      because: `${alike.length} of ${podsText(pods.length)} ${answers(alike.length)} ${answer.status} too, with another body`,
    };
  const page = byPage(answer);
  const seen = page.who === "unknown" ? "" : `; ${page.because}`;
  if (areAll)
    return {
      who: page.who === "unknown" ? "gateway" : page.who,
      because: `${notSo(pods, answer.status)}${seen}`,
    };
  return undefined;
}

const notSo = (pods: readonly ProbedHop[], status: number): string =>
  pods.length === 1
    ? `the pod does not answer ${status} to the same request`
    : `none of the ${pods.length} pods answers ${status} to the same request`;

const podsText = (n: number): string => (n === 1 ? "1 pod" : `${n} pods`);
const answers = (n: number): string => (n === 1 ? "answers" : "answer");

interface Page {
  readonly who: Origin;
  readonly text: string;
  readonly fits: (answer: SeenAnswer) => boolean;
}

const starts = (pattern: RegExp) => (answer: SeenAnswer) => pattern.test(answer.bodyStart);

/** Error pages that products make themselves, by their sources and documentation. */
const pages: readonly Page[] = [
  {
    who: "load-balancer",
    text: "the Server header is that of an AWS load balancer",
    fits: ({ headers }) => (headers["server"] ?? "").startsWith("awselb/"),
  },
  {
    who: "cdn",
    text: "CloudFront says that the error is its own or its origin's (X-Cache)",
    fits: ({ headers }) => /^Error from cloudfront/i.test(headers["x-cache"] ?? ""),
  },
  {
    who: "cdn",
    text: "it is Cloudflare's own page",
    fits: (answer) =>
      /cloudflare/i.test(answer.headers["server"] ?? "") &&
      /^error code: 5\d\d|<title>[^<]*\| 5\d\d/.test(answer.bodyStart),
  },
  {
    // haproxy src/http.c, http_err_msgs.
    who: "gateway",
    text: "it is HAProxy's own page",
    fits: starts(
      /^<html><body><h1>\d{3} [^<]+<\/h1>\s*(?:No server is available|The server returned an invalid|The server didn't respond)/,
    ),
  },
  {
    // envoy source/common/router/router.cc, source/common/http/utility.cc.
    who: "gateway",
    text: "these are Envoy's own words",
    fits: starts(
      /^(?:no healthy upstream|upstream connect error or disconnect\/reset|upstream request timeout)/,
    ),
  },
  {
    // traefik pkg/server/service/loadbalancer/wrr/wrr.go.
    who: "gateway",
    text: "these are Traefik's own words",
    fits: starts(/^no available server\s*$/),
  },
];

/** nginx src/http/ngx_http_special_response.c; an application may be an nginx as well. */
const nginxPage = /^<html>\s*<head><title>\d{3} [^<]+<\/title><\/head>\s*<body>\s*<center><h1>/;

function byPage(answer: SeenAnswer): Made {
  const page = pages.find(({ fits }) => answer.status >= 400 && fits(answer));
  if (page !== undefined) return { who: page.who, because: page.text };
  if (nginxPage.test(answer.bodyStart))
    return {
      who: "unknown",
      because: "it is nginx's own page: the gateway's, or that of an application that runs nginx",
    };
  return { who: "unknown", because: "no pod was asked the same, and the page is nobody's that is known" };
}
