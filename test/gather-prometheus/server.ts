import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
}

export interface FakeServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

type Answer = (asked: Asked, response: ServerResponse) => void;

/** Something that answers where a Prometheus is looked for. */
export async function serverThat(
  answer: Answer,
  secure?: { readonly key: string; readonly cert: string },
): Promise<FakeServer> {
  const asked: Asked[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? "/", "http://fake");
    const { authorization, host } = request.headers;
    const one = { path: url.pathname, query: url.searchParams, authorization, host };
    asked.push(one);
    answer(one, response);
  };
  const server = secure === undefined ? createServer(listener) : createSecureServer(secure, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `${secure === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

/** Answers as Prometheus does: that all series are there, and this for the query of requests. */
export const answering =
  (result: unknown): Answer =>
  ({ path, query }, response) => {
    if (path.endsWith("/label/__name__/values")) {
      const data = query.getAll("match[]").map((sign) => sign.replace(/\{.*/, ""));
      json(response, 200, { status: "success", data });
    } else {
      const isOfRequests = query.get("query")?.includes("nginx_ingress_controller_requests") === true;
      json(response, 200, {
        status: "success",
        data: isOfRequests ? result : { resultType: "matrix", result: [] },
      });
    }
  };
