import { createServer, get, request, type Server } from "node:http";
import { expositionType } from "../../metrics/exposition.ts";
import { statusPort } from "./template.ts";

/** Status of a request to nginx's own port; 0 when there is no answer. */
export function statusOf(method: "GET" | "POST", path: string, body = ""): Promise<number> {
  return new Promise((resolve) => {
    const sent = request({
      host: "127.0.0.1",
      port: statusPort,
      method,
      path,
      agent: false,
      timeout: 10_000,
    });
    sent.once("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", () => resolve(0));
    sent.end(body);
  });
}

export const postBackends = async (backends: string): Promise<boolean> =>
  (await statusOf("POST", "/configuration/backends", backends)) === 201;

/** Port of the controller that the kubelet probes: --healthz-port. */
const healthPort = 10254;

/** What nginx says of its connections; empty when there is no answer. */
export function stubStatus(): Promise<string> {
  return new Promise((resolve) => {
    const sent = get({
      host: "127.0.0.1",
      port: statusPort,
      path: "/nginx_status",
      agent: false,
      timeout: 1000,
    });
    sent.once("response", (response) => {
      let text = "";
      response.setEncoding("latin1").on("data", (part: string) => (text += part));
      response.once("end", () => resolve(text)).once("error", () => resolve(""));
    });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", () => resolve(""));
  });
}

/**
 * @param problem why the controller is not healthy, undefined when it is (nginx.go `Check`)
 * @param metrics what is scraped of it
 */
export function serveHealth(
  problem: () => Promise<string | undefined>,
  metrics: () => Promise<string>,
): Server {
  return createServer((asked, response) => {
    const path = asked.url?.split("?")[0];
    if (path === "/metrics") {
      void metrics().then((text) => response.writeHead(200, { "content-type": expositionType }).end(text));
      return;
    }
    if (path !== "/healthz") {
      response.writeHead(404).end("404 page not found\n");
      return;
    }
    void problem().then((text) =>
      response
        .writeHead(text === undefined ? 200 : 500)
        .end(text === undefined ? "ok" : `[-]nginx-ingress-controller failed: ${text}\n`),
    );
  }).listen(healthPort);
}
