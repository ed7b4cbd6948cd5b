/** The `Status` object the Kubernetes API answers with when a request fails. */
export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: { readonly continue?: string };
  readonly status: "Failure";
  readonly message: string;
  readonly reason: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly {
    readonly reason?: string;
    readonly message?: string;
    readonly field?: string;
  }[];
  readonly retryAfterSeconds?: number;
}

/** Thrown by a handler; becomes the answer of the request. */
export class StatusError extends Error {
  readonly status: Status;
  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
}

export function failure(
  code: number,
  reason: string,
  message: string,
  details?: StatusDetails,
  metadata: Status["metadata"] = {},
): StatusError {
  const head = { kind: "Status", apiVersion: "v1", metadata, status: "Failure", message, reason } as const;
  return new StatusError(details === undefined ? { ...head, code } : { ...head, details, code });
}

/** How errors name a resource: "pods", "deployments.apps". */
export const qualified = (resource: string, group: string): string =>
  group === "" ? resource : `${resource}.${group}`;

const details = (resource: string, group: string, name?: string): StatusDetails => ({
  ...(name === undefined ? {} : { name }),
  ...(group === "" ? {} : { group }),
  kind: resource,
});

export const objectNotFound = (resource: string, group: string, name: string): StatusError =>
  failure(
    404,
    "NotFound",
    `${qualified(resource, group)} "${name}" not found`,
    details(resource, group, name),
  );

export const alreadyExists = (resource: string, group: string, name: string): StatusError =>
  failure(
    409,
    "AlreadyExists",
    `${qualified(resource, group)} "${name}" already exists`,
    details(resource, group, name),
  );

/** Somebody else changed the object, or it is not the one that was meant. */
export const conflict = (resource: string, group: string, name: string, why: string): StatusError =>
  failure(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource, group)} "${name}": ${why}`,
    details(resource, group, name),
  );

/** The path names no resource this cluster has. */
export const resourceNotFound = (): StatusError =>
  failure(404, "NotFound", "the server could not find the requested resource", {
    causes: [{ reason: "UnexpectedServerResponse", message: "404 page not found" }],
  });

export const badRequest = (message: string): StatusError => failure(400, "BadRequest", message);

export const invalid = (kind: string, field: string, message: string): StatusError =>
  failure(422, "Invalid", `${kind} "" is invalid: ${field}: ${message}`, {
    kind,
    causes: [{ reason: "FieldValueInvalid", message, field }],
  });

export const unauthorized = (): StatusError => failure(401, "Unauthorized", "Unauthorized");

export const forbidden = (message: string, resource: string, group: string, name?: string): StatusError =>
  failure(403, "Forbidden", message, details(resource, group, name));

export const expired = (message: string, continueToken?: string): StatusError =>
  failure(410, "Expired", message, undefined, continueToken === undefined ? {} : { continue: continueToken });

export const methodNotAllowed = (message: string): StatusError => failure(405, "MethodNotAllowed", message);

export const notAcceptable = (accepted: readonly string[]): StatusError =>
  failure(406, "NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`);

export const tooManyRequests = (retryAfterSeconds: number): StatusError =>
  failure(429, "TooManyRequests", "too many requests, please try again later", { retryAfterSeconds });

export const internalError = (message: string): StatusError =>
  failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });

/** A list or watch at a resourceVersion this cluster has not reached yet. */
export const resourceVersionTooLarge = (asked: number, current: number): StatusError =>
  failure(504, "Timeout", `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
    retryAfterSeconds: 1,
  });
