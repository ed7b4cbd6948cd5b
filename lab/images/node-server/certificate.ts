import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/**
 * A certificate signed by itself, for the host's name and address; or one that ended yesterday, or is another host's.
 * @throws when there is no `openssl` on the path
 */
export function makeCertificate(kind: "valid" | "expired" | "other-name", address: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const name = kind === "other-name" ? "legacy.internal.example" : "localhost";
  const names = kind === "other-name" ? `DNS:${name}` : `DNS:${name},IP:${address}`;
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  };
  try {
    const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key"];
    openssl("req", ...newKey, "-out", "csr", "-subj", `/CN=${name}`, "-addext", `subjectAltName=${names}`);
    const sign = [
      "x509",
      "-req",
      "-in",
      "csr",
      "-signkey",
      "key",
      "-copy_extensions",
      "copy",
      "-out",
      "cert",
    ];
    openssl(...sign, "-days", kind === "expired" ? "-1" : "1");
    return {
      key: readFileSync(join(folder, "key"), "utf8"),
      cert: readFileSync(join(folder, "cert"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
