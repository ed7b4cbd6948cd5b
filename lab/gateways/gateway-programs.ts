import { join } from "node:path";
import type { GatewayName } from "../faults/fault.ts";
import { ownFile } from "../own-file.ts";
import type { ProgramOf } from "../images/program.ts";

/** The socket file of a gateway's feed (feed/feed-server.ts). */
export const feedPathOf = (folder: string, gateway: GatewayName): string =>
  join(folder, `${gateway}-feed.sock`);

export const gatewayImages: Readonly<Record<GatewayName, string>> = {
  nginx: "registry.k8s.io/ingress-nginx/controller:v1.15.1",
  haproxy: "quay.io/jcmoraisjr/haproxy-ingress:v0.15.0",
};

const mains: Readonly<Record<GatewayName, string>> = {
  nginx: "gateways/nginx/main.ts",
  haproxy: "gateways/haproxy/main.ts",
};

/** Any version of a gateway's image runs the same program: a rollout needs another tag, not another controller. */
const gatewayOf = (image: string): GatewayName | undefined =>
  (["nginx", "haproxy"] as const).find((name) => image.split(":")[0] === gatewayImages[name].split(":")[0]);

/** Programs of the images that gateway pods have; each is told of the cluster by its gateway's feed. */
export const gatewayPrograms =
  (folder: string): ProgramOf =>
  (image) => {
    const gateway = gatewayOf(image);
    if (gateway === undefined) return undefined;
    return {
      file: process.execPath,
      args: ["--no-warnings", "--max-semi-space-size=4", ownFile(mains[gateway])],
      // Container images keep UTC, whatever the machine does.
      env: { LAB_FEED: feedPathOf(folder, gateway), TZ: "UTC" },
    };
  };
