import type { Connection } from "../gather/cluster/connection.ts";
import type { ObjectReport } from "../report/report.ts";
import { readLive, resourceVersionOf, writeLive } from "./live-object.ts";

/** `kubectl rollout restart`: a new annotation of the template replaces the pods one by one. @throws ActProblem */
export async function restart(connection: Connection, object: ObjectReport, at: Date): Promise<void> {
  const resourceVersion = resourceVersionOf(await readLive(connection, object));
  const annotations = { "kubectl.kubernetes.io/restartedAt": at.toISOString().replace(/\.\d+Z$/, "Z") };
  const body = { spec: { template: { metadata: { annotations } } } };
  await writeLive(connection, { object, type: "strategic", body, resourceVersion }, false);
}
