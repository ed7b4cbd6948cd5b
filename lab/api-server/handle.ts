import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { type Fault, type FaultAnswer, openFaults, refusal } from "./faults.ts";
import { loggedRequest, type LoggedRequest } from "./request-log.ts";
import { type ApiRequest, parseRequest } from "./request.ts";
import { route } from "./route.ts";
import { send } from "./send.ts";
import { badRequest, internalError, StatusError, unauthorized } from "./status.ts";

export interface HandlerOptions {
  readonly requests: LoggedRequest[];
  readonly faults: readonly Fault[];
  readonly token?: string;
}

/** The API server's own limit (kubernetes/apiserver, MaxRequestBodyBytes). */
const bodyLimitBytes = 3 * 1024 * 1024;

/** From a request on the wire to its answer: log, authentication, fault, routing, sending. */
export function openHandler(
  cluster: Cluster,
  options: HandlerOptions,
): (incoming: IncomingMessage, response: ServerResponse) => void {
  const faultOf = openFaults(options.faults);

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedMs = performance.now();
    const { method = "GET", url = "/", headers } = incoming;
    const request = {
      ...parse(method, url, headers.accept ?? "", headers["impersonate-user"]),
      contentType: (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
      userAgent: headers["user-agent"] ?? "",
    };
    response.setHeader("Date", new Date(cluster.nowMs()).toUTCString());
    const logged = loggedRequest(request, url, headers["user-agent"] ?? "");
    options.requests.push(logged);
    response.on("close", () => {
      logged.durationMs = performance.now() - startedMs;
    });
    const body = await readBody(incoming);
    const fault = faultOf(request);
    if (fault === "hang") return;
    if (typeof fault === "object") await delay(fault.delayMs);
    const answer = answerOf(() => {
      if (options.token !== undefined && headers.authorization !== `Bearer ${options.token}`)
        throw unauthorized();
      if (typeof fault === "number") throw refusal(fault);
      return route(cluster, request, body);
    });
    logged.code = answer.code;
    const acceptsGzip = /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
    await send(response, answer, logged, { acceptsGzip, ...spoil(fault) });
  };

  return (incoming, response) => {
    serve(incoming, response).catch(() => response.destroy());
  };
}

const spoil = (fault: FaultAnswer | undefined): { spoil?: "cut" | "reset" } =>
  fault === "cut" || fault === "reset" ? { spoil: fault } : {};

function parse(
  method: string,
  url: string,
  accept: string,
  impersonated: string | string[] | undefined,
): ApiRequest {
  try {
    return parseRequest(method, url, accept, impersonated?.toString());
  } catch {
    // Broken percent-encoding names nothing this cluster has.
    return { method, path: url, query: new URLSearchParams(), verb: "get", accept };
  }
}

/** Runs a handler; what it throws becomes a Status. */
function answerOf(handler: () => Answer): Answer {
  try {
    return handler();
  } catch (error) {
    const { status } =
      error instanceof StatusError
        ? error
        : internalError(error instanceof Error ? error.message : String(error));
    const retry = status.details?.retryAfterSeconds;
    const headers = retry === undefined ? {} : { "Retry-After": String(retry) };
    return { ...jsonAnswer(status, status.code), headers };
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of incoming) {
    const buffer = block as Buffer;
    bytes += buffer.length;
    if (bytes > bodyLimitBytes) throw badRequest("the body of the request is too large");
    blocks.push(buffer);
  }
  return Buffer.concat(blocks);
}
