import { get as httpGet, type IncomingHttpHeaders } from "node:http";
import { afterEach } from "vitest";
import { type ServedCluster, serveCluster, type ServeOptions } from "../../lab/api-server/serve.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { shop } from "./shop.ts";

const open: ServedCluster[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((cluster) => cluster.close()));
});

/** A served cluster that the end of the test closes. */
export async function start(options: ServeOptions = {}, evidence: Evidence = shop): Promise<ServedCluster> {
  const cluster = await serveCluster(evidence, options);
  open.push(cluster);
  return cluster;
}

export interface Reply {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Whether the body came whole, as HTTP understands it. */
  readonly complete: boolean;
}

/** One GET with nothing added: no redirect, no decompression. */
export function read(
  cluster: ServedCluster,
  path: string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpGet(`${cluster.url}${path}`, { headers, agent: false }, (response) => {
      const blocks: Buffer[] = [];
      response.on("data", (block: Buffer) => blocks.push(block));
      response.on("error", () => {});
      response.on("close", () =>
        resolve({
          code: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(blocks).toString("latin1"),
          complete: response.complete,
        }),
      );
    });
    request.on("error", reject);
  });
}

/** What a test looks at of an object, a list or a Status. */
export interface Body {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly name?: string;
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly Body[];
  readonly message: string;
  readonly reason: string;
  readonly code: number;
  readonly [field: string]: unknown;
}

export async function readJson(
  cluster: ServedCluster,
  path: string,
  headers: Record<string, string> = {},
): Promise<Body> {
  return JSON.parse((await read(cluster, path, headers)).text) as Body;
}

export const namesOf = (list: Body): string[] => list.items.map((item) => item.metadata.name ?? "");

/** The events of a watch, up to its end. */
export async function readEvents(
  cluster: ServedCluster,
  path: string,
): Promise<{ type: string; object: Body }[]> {
  const { text } = await read(cluster, path);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { type: string; object: Body });
}
