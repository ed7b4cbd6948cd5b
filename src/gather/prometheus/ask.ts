import { visible } from "../../base/text.ts";
import { get, type HttpResponse, NoResponse } from "../cluster/http.ts";
import { isMap, mapOf, textOf } from "../bundle/json-value.ts";
import type { PrometheusServer } from "./server.ts";

/** The server did not answer as Prometheus does; the message says what it did and what helps. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  /** The question was not to its liking; others may be. */
  readonly isOfQuery: boolean;

  constructor(message: string, isOfQuery = false) {
    super(message);
    this.isOfQuery = isOfQuery;
  }
}

/** What one answer may have: 1,000 series of 240 points are some 10 MB. */
const maxAnswerBytes = 32 << 20;

/**
 * One GET of the HTTP API (prometheus/prometheus docs/querying/api.md); its `data`.
 * @throws NoAnswer
 */
export async function askApi(
  { connection, parameters }: PrometheusServer,
  endpoint: string,
  query: readonly (readonly [string, string])[],
  deadlineMs: number,
): Promise<unknown> {
  const search = new URLSearchParams(parameters);
  for (const [name, value] of query) search.append(name, value);
  let response: HttpResponse;
  try {
    const path = `/api/v1/${endpoint}?${search}`;
    response = await get(connection, {
      path,
      accept: "application/json",
      deadlineMs,
      maxBytes: maxAnswerBytes,
    });
  } catch (error) {
    if (!(error instanceof NoResponse)) throw error;
    throw new NoAnswer(unreachable(connection.server, error, deadlineMs));
  }
  if (response.cut !== undefined)
    throw new NoAnswer(cutText(response.cut, deadlineMs), response.cut === "limit");
  const body = parsed(response.body);
  if (response.status === 200 && body?.["status"] === "success") return body["data"];
  throw refusal(response, body);
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refusal({ status, headers }: HttpResponse, body: ReturnType<typeof parsed>): NoAnswer {
  const said = textOf(mapOf(body)["error"]);
  const words = said === undefined ? "" : `: ${visible(said).slice(0, 200)}`;
  if (status === 401)
    return new NoAnswer(
      "it wants to know who asks (401): --prometheus-token-file FILE, or https://USER:PASSWORD@…",
    );
  if (status === 403) return new NoAnswer(`it does not allow this account to ask (403)${words}`);
  if (status >= 300 && status < 400)
    return new NoAnswer(
      `it answers with a redirect (${status}${typeof headers.location === "string" ? ` to ${visible(headers.location.split("?")[0]!).slice(0, 120)}` : ""}): a login in front of it, or another address or path prefix is meant`,
    );
  if (textOf(mapOf(body)["status"]) === "error")
    return new NoAnswer(`it refuses the query (${status})${words}`, true);
  if (status === 502 || status === 503 || status === 504)
    return new NoAnswer(`what is in front of it answers ${status}: is it running?`);
  return new NoAnswer(
    `what answers there (${status}) is no Prometheus: /api/v1 is not under this address. Is a path prefix missing?`,
    status === 404,
  );
}

const cutText = (cut: "limit" | "deadline" | "closed", deadlineMs: number): string =>
  ({
    limit: `its answer is larger than ${maxAnswerBytes >> 20} MB`,
    deadline: `its answer did not come to an end in ${deadlineMs / 1000} s`,
    closed: "it closed the connection amid its answer",
  })[cut];

function unreachable(server: URL, { code, message }: NoResponse, deadlineMs: number): string {
  const where = server.host;
  switch (code) {
    case "deadline":
      return `no answer from ${where} in ${deadlineMs / 1000} s`;
    case "ECONNREFUSED":
      return `nothing listens at ${where}: is the port-forward running?`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the name ${server.hostname} is not known here: a Service inside the cluster is reached by kubectl port-forward`;
    case "EPROTO":
    case "HPE_INVALID_CONSTANT":
      return `${where} speaks another protocol: ${server.protocol === "https:" ? "try http://" : "try https://"}`;
    default:
      return /CERT|SIGNATURE|ISSUER|SELF_SIGNED/.test(code)
        ? `the certificate of ${where} does not hold (${code}): --prometheus-ca FILE names whom to believe`
        : `no connection to ${where}: ${visible(message).slice(0, 160)}`;
  }
}
