import { StatusError } from "../api-server/status.ts";

/** Tries a write; what the API server refuses (the object is gone, its namespace ends) is dropped, as the kubelet only logs it. */
export function unlessRefused(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}
