import type { AppTopic } from "./app-rule.ts";
import { connectTopic, dnsTopic } from "./connections.ts";
import { dependencyTopic } from "./dependency.ts";
import { shutdownTopic, startedTopic, startFailedTopic } from "./lifecycle.ts";
import { descriptorTopic, memoryTopic, overloadTopic, poolTopic, portTopic, workerTopic } from "./limits.ts";
import { listeningTopic } from "./listening.ts";
import { requestTopic } from "./request.ts";
import { slowTopic } from "./slow-calls.ts";
import { missingConfigTopic, permissionTopic, tlsTopic } from "./security.ts";

/** In the order in which they are tried: the more telling words first. */
export const topics: readonly AppTopic[] = [
  requestTopic,
  portTopic,
  descriptorTopic,
  memoryTopic,
  workerTopic,
  poolTopic,
  dnsTopic,
  tlsTopic,
  dependencyTopic,
  slowTopic,
  connectTopic,
  permissionTopic,
  missingConfigTopic,
  overloadTopic,
  shutdownTopic,
  listeningTopic,
  startedTopic,
  startFailedTopic,
];
