import type { HTTPGetAction } from "kubernetes-types/core/v1";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { dialErrorText, readErrorText } from "./go-error.ts";
import { failure, type ProbeOutcome, success } from "./outcome.ts";

export interface HttpTarget {
  readonly action: HTTPGetAction;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

const timeoutText = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
/** The kubelet follows no more (net/http, defaultCheckRedirect). */
const redirectLimit = 10;

/** kubernetes/kubernetes pkg/probe/http/http.go: 200 to 399 is success; one connection for each try. */
export async function probeHttp(target: HttpTarget): Promise<ProbeOutcome> {
  const scheme = (target.action.scheme ?? "HTTP").toLowerCase();
  const path = target.action.path ?? "/";
  const first = `${scheme}://${target.host}:${target.port}${path.startsWith("/") ? path : `/${path}`}`;
  const deadlineMs = performance.now() + target.timeoutMs;
  let url = first;
  for (let redirects = 0; redirects <= redirectLimit; redirects++) {
    const answer = await getOnce(url, target, Math.max(1, deadlineMs - performance.now()));
    if ("failed" in answer) return failure(`Get "${url}": ${answer.failed}`);
    const { status, location } = answer;
    if (status >= 300 && status < 400 && location !== undefined) {
      const next = new URL(location, url);
      // Another host is not followed; the probe counts as passed.
      if (next.hostname !== target.host) return success;
      url = next.href;
      continue;
    }
    if (status >= 200 && status < 400) return success;
    return failure(`HTTP probe failed with statuscode: ${status}`);
  }
  return failure(`Get "${url}": stopped after 10 redirects`);
}

type Answer = { readonly status: number; readonly location?: string } | { readonly failed: string };

function getOnce(url: string, target: HttpTarget, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const isTls = url.startsWith("https:");
    const request = (isTls ? httpsRequest : httpRequest)(url, {
      agent: false,
      rejectUnauthorized: false,
      headers: headersOf(target.action),
    });
    const address = `${target.host}:${new URL(url).port || (isTls ? "443" : "80")}`;
    const timer = setTimeout(() => finish({ failed: timeoutText }), timeoutMs);
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      resolve(answer);
      request.destroy();
    };
    let local = "";
    request.on("socket", (socket) =>
      socket.once("connect", () => (local = `${socket.localAddress}:${socket.localPort}`)),
    );
    request.on("error", (error) => finish({ failed: errorText(error, local, address) }));
    request.on("response", (response) => readAll(response, finish));
    request.end();
  });
}

function readAll(response: IncomingMessage, finish: (answer: Answer) => void): void {
  const { statusCode: status = 0, headers } = response;
  const answer = headers.location === undefined ? { status } : { status, location: headers.location };
  response.on("end", () => finish(answer));
  response.on("error", () => finish({ failed: "unexpected EOF" }));
  response.resume();
}

const headersOf = (action: HTTPGetAction): Record<string, string> => ({
  "User-Agent": "kube-probe/1.32",
  Accept: "*/*",
  Connection: "close",
  ...Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value])),
});

function errorText(error: NodeJS.ErrnoException, local: string, address: string): string {
  if (error.syscall === "connect" || error.syscall === "getaddrinfo") return dialErrorText(error, address);
  return readErrorText(error, local, address);
}
