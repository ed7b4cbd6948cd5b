import type { KubeObject } from "../../../lab/api-server/stored-object.ts";

export const ingressClass = (name: string, controller: string): KubeObject => ({
  metadata: { name },
  spec: { controller },
});

export const service = (name: string, port = 80, targetPort = 8080, spec: object = {}): KubeObject => ({
  metadata: { name, namespace: "shop" },
  spec: {
    selector: { app: name },
    clusterIP: "None",
    ports: [{ port, targetPort, protocol: "TCP" }],
    ...spec,
  },
});

/** Paths to "SERVICE:PORT". */
export const ingress = (
  name: string,
  paths: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>> = {},
  className = "nginx",
): KubeObject => ({
  metadata: { name, namespace: "shop", uid: `uid-${name}`, annotations: { ...annotations } },
  spec: {
    ingressClassName: className,
    rules: [
      {
        host: "shop.example.com",
        http: {
          paths: Object.entries(paths).map(([path, backend]) => {
            const [serviceName = "", port = ""] = backend.split(":");
            const number = Number(port);
            return {
              path,
              pathType: "Prefix",
              backend: {
                service: { name: serviceName, port: Number.isNaN(number) ? { name: port } : { number } },
              },
            };
          }),
        },
      },
    ],
  },
});

/** Annotations of ingress-nginx. */
export const nginx = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
  );
