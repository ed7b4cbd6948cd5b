/** The released version, also in every report. */
export const version = "0.1.0";
