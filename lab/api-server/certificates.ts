import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** PEM texts. */
export interface Certificates {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/**
 * A new authority, a server certificate for loopback and a client certificate, valid for a day.
 * @param user common name of the client
 * @throws when there is no `openssl` on the path
 */
export function makeCertificates(user: string): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-api-tls-"));
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const sign = (name: string, subject: string, extensions: string): void => {
    writeFileSync(join(folder, `${name}.ext`), extensions);
    openssl("req", ...newKey, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject);
    const signing = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", `${name}.ext`];
    openssl("x509", "-req", "-in", `${name}.csr`, ...signing, "-days", "1", "-out", `${name}.crt`);
  };
  try {
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-days",
      "1",
      "-keyout",
      "ca.key",
      "-out",
      "ca.crt",
      "-subj",
      "/CN=why5xx-lab",
    );
    sign(
      "server",
      "/CN=localhost",
      "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n",
    );
    sign("client", `/CN=${user}`, "extendedKeyUsage=clientAuth\n");
    return {
      authority: read("ca.crt"),
      certificate: read("server.crt"),
      key: read("server.key"),
      clientCertificate: read("client.crt"),
      clientKey: read("client.key"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
