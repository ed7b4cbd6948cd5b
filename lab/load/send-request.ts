import { Agent, request } from "node:http";
import type { PlannedRequest } from "./planned-request.ts";
import type { TriedRequest } from "./tried-request.ts";

/** Real time with fractions, milliseconds since the epoch. */
export const exactMs = (): number => performance.timeOrigin + performance.now();

const httpPort = 80;

/** One agent for each client: connections of one address are not used for another. */
const agents = new Map<string, Agent>();

function agentOf(client: string): Agent {
  const known = agents.get(client);
  if (known !== undefined) return known;
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 64 });
  agents.set(client, agent);
  return agent;
}

/** Sends one request and tells what became of it; never fails. */
export function sendRequest(planned: PlannedRequest, target: string, dueMs: number): Promise<TriedRequest> {
  const { id, host, method, path, client, bodyBytes, isFresh, patienceMs } = planned;
  const startMs = exactMs();
  return new Promise((resolve) => {
    let status: number | undefined;
    let hasEnded = false;
    const end = (error?: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(timer);
      resolve({
        id,
        method,
        host,
        path,
        client,
        dueMs,
        startMs,
        endMs: exactMs(),
        ...(status === undefined ? {} : { status }),
        ...(error === undefined ? {} : { error }),
      });
    };
    const sent = request({
      host: target,
      port: httpPort,
      localAddress: client,
      method,
      path,
      agent: isFresh ? false : agentOf(client),
      headers: {
        host,
        "user-agent": "lab-client/1.0",
        "x-request-id": id,
        ...(bodyBytes > 0 ? { "content-length": bodyBytes, "content-type": "application/octet-stream" } : {}),
      },
    });
    // A late start takes nothing from the client's patience: it began to wait when the request was due.
    const timer = setTimeout(
      () => {
        end("timeout");
        sent.destroy();
      },
      Math.max(1, patienceMs - (startMs - dueMs)),
    );
    sent.once("response", (response) => {
      status = response.statusCode;
      response.once("end", () => end(response.complete ? undefined : "truncated"));
      response.once("error", () => end("truncated"));
      response.once("close", () => end("truncated"));
      response.resume();
    });
    sent.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    sent.end(bodyBytes > 0 ? Buffer.alloc(bodyBytes, "x") : undefined);
  });
}

/** Closes what is kept open. */
export function closeConnections(): void {
  for (const agent of agents.values()) agent.destroy();
}
