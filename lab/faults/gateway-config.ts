import type { KubeObject } from "../api-server/stored-object.ts";
import { nginxInstallation } from "../gateways/nginx/installation.ts";

/** The ConfigMap of ingress-nginx with these keys and no others. */
export const gatewayConfig = (data: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    namespace: nginxInstallation.namespace,
    name: nginxInstallation.configMap,
    labels: { ...nginxInstallation.labels },
  },
  data,
});
