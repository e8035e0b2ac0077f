/** One line of the doctor's report. */
export interface Check {
  name: string;
  /** `warn`: something works only in part, or is needed by one verb alone. */
  result: "ok" | "warn" | "fail";
  detail: string;
  /** How to make it ok. */
  fix?: string;
}
