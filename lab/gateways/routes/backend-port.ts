import type { Service, ServicePort } from "kubernetes-types/core/v1";
import type { IngressServiceBackend } from "kubernetes-types/networking/v1";

/** Port of an Ingress backend as it is written: "80" or "http"; "" when it names none. */
export const portText = ({ port }: IngressServiceBackend): string =>
  port?.name !== undefined && port.name !== "" ? port.name : String(port?.number ?? "");

/**
 * The Service port that an Ingress backend means: by its number, its targetPort or its name
 * (kubernetes/ingress-nginx internal/ingress/controller/controller.go `serviceEndpoints`).
 */
export const servicePortOf = (service: Service, text: string): ServicePort | undefined =>
  service.spec?.ports?.find(
    (p) => String(p.port) === text || String(p.targetPort ?? p.port) === text || p.name === text,
  );
