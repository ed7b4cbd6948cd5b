/** Arguments of unshare that give the lab users, network, processes and mounts of its own without any rights. */
export const namespaceFlags = [
  "--user",
  "--map-root-user",
  "--net",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
] as const;

/** People's PATH may leave out where Debian keeps ip, nginx and haproxy. */
export const pathWithSbin = (path: string | undefined): string =>
  [path ?? "/usr/bin:/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"].join(":");
