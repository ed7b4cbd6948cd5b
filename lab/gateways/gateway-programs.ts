import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgramOf } from "../images/program.ts";

/** The socket file of a lab's feed (feed/feed-server.ts). */
export const feedPathOf = (folder: string): string => join(folder, "gateway-feed.sock");

const images: readonly (readonly [RegExp, string])[] = [
  [/^registry\.k8s\.io\/ingress-nginx\/controller:v[\d.]+$/, "./nginx/main.ts"],
  [/^quay\.io\/jcmoraisjr\/haproxy-ingress:v[\d.]+$/, "./haproxy/main.ts"],
];

/** Programs of the images that gateway pods have; they are told of the cluster by the lab's feed. */
export const gatewayPrograms =
  (folder: string): ProgramOf =>
  (image) => {
    const file = images.find(([pattern]) => pattern.test(image))?.[1];
    if (file === undefined) return undefined;
    return {
      file: process.execPath,
      args: ["--no-warnings", "--max-semi-space-size=4", fileURLToPath(new URL(file, import.meta.url))],
      env: { LAB_FEED: feedPathOf(folder) },
    };
  };
