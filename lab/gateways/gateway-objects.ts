import type { Container } from "kubernetes-types/core/v1";
import type { KubeObject } from "../api-server/stored-object.ts";

export interface GatewayObjectOptions {
  /** Keys of the controller's ConfigMap. */
  readonly config?: Readonly<Record<string, string>>;
  readonly replicas?: number;
  /** Flags besides the usual ones. */
  readonly args?: readonly string[];
  readonly resources?: Container["resources"];
  readonly image?: string;
}

/** What an installation of a gateway consists of. */
export interface GatewayInstallation {
  readonly namespace: string;
  /** Of Deployment, Service, ServiceAccount. */
  readonly name: string;
  readonly configMap: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ingressClass: { readonly name: string; readonly controller: string };
  readonly container: Omit<Container, "image"> & { readonly image: string };
  readonly terminationGracePeriodSeconds?: number;
}

export function gatewayObjects(
  installation: GatewayInstallation,
  options: GatewayObjectOptions,
): KubeObject[] {
  const { namespace, name, labels, ingressClass, configMap } = installation;
  const metadata = { namespace, name, labels };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...metadata } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { ...metadata, name: configMap },
      data: { ...options.config },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: ingressClass.name, labels },
      spec: { controller: ingressClass.controller },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...metadata },
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        selector: { ...labels },
        ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "http", appProtocol: "http" }],
      },
    },
    deployment(installation, options),
  ];
}

function deployment(installation: GatewayInstallation, options: GatewayObjectOptions): KubeObject {
  const { namespace, name, labels, container, terminationGracePeriodSeconds } = installation;
  const resources = options.resources ?? container.resources;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name, labels },
    spec: {
      replicas: options.replicas ?? 1,
      selector: { matchLabels: { ...labels } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: { ...labels } },
        spec: {
          serviceAccountName: name,
          ...(terminationGracePeriodSeconds === undefined ? {} : { terminationGracePeriodSeconds }),
          containers: [
            {
              ...container,
              image: options.image ?? container.image,
              args: [...(container.args ?? []), ...(options.args ?? [])],
              ...(resources === undefined ? {} : { resources }),
            },
          ],
        },
      },
    },
  };
}

/** Names of the pod for its own program. */
export const podNames: Container["env"] = [
  { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
];
