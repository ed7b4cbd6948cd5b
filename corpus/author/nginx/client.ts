import { request } from "node:http";
import type { RequestPlan, Script } from "./script.ts";

const defaultClients = ["203.0.113.9", "203.0.113.24", "198.51.100.77"];

export function clientsOf(plan: RequestPlan): readonly string[] {
  if (plan.client === undefined) return defaultClients;
  return typeof plan.client === "string" ? [plan.client] : plan.client;
}

/** Sends every planned request at its time, each on a connection of its own; resolves when all have ended. */
export async function sendAll(script: Script, gatewayIp: string): Promise<void> {
  const all = script.requests.flatMap((plan) =>
    Array.from({ length: plan.times ?? 1 }, (_, i) => {
      const clients = clientsOf(plan);
      const startMs = (plan.atMs ?? 0) + i * (plan.everyMs ?? 20);
      return send(
        plan,
        startMs,
        clients[i % clients.length] ?? "203.0.113.9",
        script.host ?? "shop.example.com",
        gatewayIp,
      );
    }),
  );
  await Promise.all(all);
}

async function send(
  plan: RequestPlan,
  startMs: number,
  client: string,
  host: string,
  gatewayIp: string,
): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, startMs));
  await new Promise<void>((resolve) => {
    const sent = request(
      {
        host: gatewayIp,
        port: 80,
        localAddress: client,
        agent: false,
        method: plan.method ?? "GET",
        path: plan.path,
        headers: {
          Host: plan.host ?? host,
          "User-Agent": plan.userAgent ?? "okhttp/4.12.0",
          ...(plan.bodyBytes === undefined ? {} : { "Content-Length": String(plan.bodyBytes) }),
          ...plan.headers,
        },
      },
      (response) => {
        response.on("error", () => resolve());
        response.on("close", () => resolve());
        response.resume();
      },
    );
    sent.on("error", () => resolve());
    sent.on("close", () => resolve());
    sent.end(plan.bodyBytes === undefined ? undefined : "x".repeat(plan.bodyBytes));
    if (plan.abortAfterMs !== undefined) setTimeout(() => sent.destroy(), plan.abortAfterMs);
  });
}
