import { parseArgs } from "node:util";
import type { ClassOfController } from "../routes/ingress-class.ts";

export interface ControllerFlags extends ClassOfController {
  /** "namespace/name" */
  readonly configMap: string;
  readonly shutdownTimeoutS: number;
}

const known = {
  "controller-class": { type: "string" },
  "ingress-class": { type: "string" },
  configmap: { type: "string" },
  "shutdown-timeout": { type: "string" },
} as const;

/** Flags of haproxy-ingress as the pod's `args` have them, with its defaults (pkg/controller/config/options.go). */
export function controllerFlags(args: readonly string[], podNamespace: string): ControllerFlags {
  const { values } = parseArgs({ args: [...args], options: known, strict: false, allowPositionals: true });
  const text = (name: keyof typeof known, fallback: string): string => {
    const value = values[name];
    return typeof value === "string" ? value : fallback;
  };
  const suffix = text("controller-class", "");
  return {
    controller: `haproxy-ingress.github.io/controller${suffix === "" ? "" : `/${suffix}`}`,
    name: text("ingress-class", "haproxy"),
    configMap: text("configmap", `${podNamespace}/haproxy-ingress`),
    shutdownTimeoutS: Number.parseFloat(text("shutdown-timeout", "25")),
  };
}
