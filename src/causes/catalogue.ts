import type { Cause } from "./define-cause.ts";
import { ingressClassMismatch } from "./gateway/ingress-class-mismatch.ts";
import { ingressPortNotInService } from "./service/ingress-port-not-in-service.ts";
import { noEndpointsPodsNotReady } from "./service/no-endpoints-pods-not-ready.ts";
import { noEndpointsScaledToZero } from "./service/no-endpoints-scaled-to-zero.ts";
import { noEndpointsSelectorMismatch } from "./service/no-endpoints-selector-mismatch.ts";
import { serviceMissing } from "./service/service-missing.ts";
import { wrongTargetPortName } from "./service/wrong-target-port-name.ts";
import { wrongTargetPortNumber } from "./service/wrong-target-port-number.ts";

/** Every cause the tool knows, by hop from the client inwards. */
export const catalogue: readonly Cause[] = [
  // gateway
  ingressClassMismatch,
  // service
  serviceMissing,
  ingressPortNotInService,
  noEndpointsSelectorMismatch,
  noEndpointsScaledToZero,
  noEndpointsPodsNotReady,
  wrongTargetPortName,
  wrongTargetPortNumber,
];
