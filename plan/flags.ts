/** The flags of `berth plan`. */
export interface PlanFlags {
  stack: string;
  cwd: string;
  config: string[];
  configPath?: boolean;
  platform?: string;
  json?: boolean;
  summary?: boolean;
  markdown?: boolean;
  mermaid?: boolean;
  controls?: "markdown" | "csv" | "json";
  html?: string;
  against?: string;
  againstStack?: string;
  /** A file, or true for what Pulumi's CLI exports. */
  deployed?: string | true;
  beside: string[];
  failOnStateful?: boolean;
  failOn?: "critical" | "high" | "medium" | "low";
}
