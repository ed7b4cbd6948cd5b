import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Wanted {
  readonly name?: string;
  readonly expired?: boolean;
}

/** Certificates of scripted pods, made with openssl on first use; `ca.pem` is what nginx may trust. */
export class Certificates {
  readonly #dir: string;
  #made = false;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The authority, before nginx starts. */
  makeAuthority(): void {
    if (this.#made) return;
    this.#made = true;
    this.#openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
      "-subj",
      "/CN=cluster-ca",
      "-days",
      "3650",
    );
  }

  issue(wanted: Wanted): { key: string; cert: string } {
    this.makeAuthority();
    const name = wanted.name ?? "cart.shop.svc";
    const base = wanted.expired === true ? "expired" : name.replaceAll(/[^a-z0-9.-]/g, "");
    this.#openssl(
      "req",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      `${base}.key`,
      "-out",
      `${base}.csr`,
      "-subj",
      `/CN=${name}`,
    );
    const days =
      wanted.expired === true
        ? ["-not_before", "20240101000000Z", "-not_after", "20250101000000Z"]
        : ["-days", "3650"];
    this.#sign(base, days);
    return {
      key: readFileSync(join(this.#dir, `${base}.key`), "utf8"),
      cert: readFileSync(join(this.#dir, `${base}.pem`), "utf8"),
    };
  }

  #sign(base: string, days: readonly string[]): void {
    const common = [
      "x509",
      "-req",
      "-in",
      `${base}.csr`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-out",
      `${base}.pem`,
    ];
    try {
      this.#openssl(...common, ...days);
    } catch {
      // openssl before 3.4 has no -not_before for x509: a negative lifetime is expired as well
      this.#openssl(...common, "-days", "-1");
    }
  }

  #openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: this.#dir, stdio: ["ignore", "ignore", "pipe"] });
  }
}
