import { controlsReport, controlsToCsv, controlsToJson, controlsToMarkdown } from "../policy/controls";
import { policyOutcome } from "./findings";
import type { Plan } from "./graph";

const WRITERS = { markdown: controlsToMarkdown, csv: controlsToCsv, json: controlsToJson };

/** How each core control stands in a stack, for auditors. */
export function controlsText({ resources, invokes }: Plan, policy: string | undefined, format: keyof typeof WRITERS): string {
  const text = WRITERS[format](controlsReport({ resources, invokes }, policyOutcome(resources, invokes, policy)));
  return text.endsWith("\n") ? text : `${text}\n`;
}
