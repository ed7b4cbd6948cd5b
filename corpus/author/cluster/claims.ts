import type { PersistentVolumeClaim } from "kubernetes-types/core/v1";
import type { Cluster } from "./cluster.ts";
import type { AppOptions } from "./pod-template.ts";

/** Mounts a volume at a path of the main container. */
export const mounting = (volume: Record<string, unknown>, mountPath: string): AppOptions => ({
  spec: (spec, main) => {
    spec.volumes = [{ name: "data", ...volume }];
    main.volumeMounts = [{ name: "data", mountPath }];
  },
});

/** Mounts a claim at a path of the main container. */
export const claimed = (claimName: string, mountPath: string): AppOptions =>
  mounting({ persistentVolumeClaim: { claimName } }, mountPath);

/** A PersistentVolumeClaim, bound or still waiting. */
export function claim(
  c: Cluster,
  name: string,
  spec: NonNullable<PersistentVolumeClaim["spec"]>,
  phase = "Pending",
): void {
  c.add("persistentvolumeclaims", {
    metadata: { name, creationTimestamp: "2026-11-18T09:42:00Z" },
    spec: { volumeMode: "Filesystem", ...spec },
    status: phase === "Bound" ? { phase, accessModes: spec.accessModes ?? [] } : { phase },
  });
}

/** Storage that a claim asks for. */
export const gibibytes = (n: number) => ({ requests: { storage: `${n}Gi` } });
