import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mirror } from "../feed/mirror.ts";
import type { Configuration } from "./configuration.ts";

/** Writes the authorities that Ingresses name for their backends (proxy-ssl-secret, ca.crt) beside nginx.conf. */
export function certificatesOf(mirror: Mirror, { servers }: Configuration, folder: string): void {
  mkdirSync(join(folder, "certificates"), { recursive: true });
  for (const { settings } of servers.flatMap((server) => server.locations)) {
    const { secret } = settings.proxySsl;
    if (secret === undefined) continue;
    const found = mirror.get("secrets", secret);
    const authority = found?.data?.["ca.crt"];
    const pem = authority === undefined ? found?.stringData?.["ca.crt"] : Buffer.from(authority, "base64");
    writeFileSync(join(folder, "certificates", `${secret.replaceAll("/", "-")}.pem`), pem ?? "");
  }
}
