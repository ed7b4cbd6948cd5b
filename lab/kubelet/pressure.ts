import type { Container } from "kubernetes-types/core/v1";
import { quantity } from "../controllers/quantity.ts";
import type { ContainerRecord } from "./container/state.ts";
import { memoryBytes } from "./limits/process-tree.ts";

export type Pressure = "memory" | "ephemeral-storage";

/** What is left below the hard threshold, as the message tells it (kubelet defaults: 100Mi, 10% of the disk). */
const thresholds: Readonly<Record<Pressure, string>> = {
  memory: "Threshold quantity: 100Mi, available: 92Mi. ",
  "ephemeral-storage": "Threshold quantity: 5368709120, available: 5110Mi. ",
};

const requestOf = (container: Container): string => container.resources?.requests?.["memory"] ?? "0";

const usedBytes = ({ life }: ContainerRecord): number => memoryBytes(life?.tree() ?? []);

/** Bytes that the containers use beyond what they requested: who has most is evicted first. */
export const excessBytes = (records: readonly ContainerRecord[]): number =>
  records.reduce((sum, record) => sum + usedBytes(record) - quantity(requestOf(record.spec)), 0);

/** kubernetes/kubernetes pkg/kubelet/eviction/helpers.go, evictionMessage. */
export function evictionMessage(pressure: Pressure, records: readonly ContainerRecord[]): string {
  const guilty = records.filter((r) => r.life !== undefined && usedBytes(r) > quantity(requestOf(r.spec)));
  const used = guilty.map((record) => {
    const kibibytes = Math.round(usedBytes(record) / 1024);
    const request = requestOf(record.spec);
    return `Container ${record.spec.name} was using ${kibibytes}Ki, request is ${request}, has larger consumption of ${pressure}. `;
  });
  return `The node was low on resource: ${pressure}. ${thresholds[pressure]}${pressure === "memory" ? used.join("") : ""}`;
}
