import { parseArgs } from "node:util";
import type { Flags } from "./build.ts";

export interface ControllerFlags extends Flags {
  readonly postShutdownGracePeriodS: number;
  /** Service whose address Ingresses are given, "namespace/name". */
  readonly publishService?: string;
}

/** Flags of /nginx-ingress-controller as the pod's `args` have them, with its defaults (pkg/flags/flags.go). */
export function controllerFlags(args: readonly string[], podNamespace: string): ControllerFlags {
  const { values } = parseArgs({ args: [...args], options: known, strict: false, allowPositionals: true });
  const text = (name: keyof typeof known, fallback: string): string => {
    const value = values[name];
    return typeof value === "string" ? value : fallback;
  };
  const fallback = text("default-backend-service", "");
  const publishService = text("publish-service", "");
  return {
    controllerClass: text("controller-class", "k8s.io/ingress-nginx"),
    ingressClass: text("ingress-class", "nginx"),
    configMap: text("configmap", `${podNamespace}/ingress-nginx-controller`),
    ...(fallback === "" ? {} : { defaultBackendService: fallback }),
    ...(publishService === "" ? {} : { publishService }),
    postShutdownGracePeriodS: Number(text("post-shutdown-grace-period", "10")),
  };
}

const known = {
  "controller-class": { type: "string" },
  "ingress-class": { type: "string" },
  configmap: { type: "string" },
  "default-backend-service": { type: "string" },
  "publish-service": { type: "string" },
  "post-shutdown-grace-period": { type: "string" },
} as const;
