import { controlsReport, controlsToCsv, controlsToJson, controlsToMarkdown } from "../../policy/controls/controls";
import { policyOutcome } from "../findings";
import type { Plan } from "../plan-json";

const WRITERS = { markdown: controlsToMarkdown, csv: controlsToCsv, json: controlsToJson };

/** The status of each control in a stack, for auditors. */
export function controlsText({ resources, invokes, outputs }: Plan, policy: string | undefined, format: keyof typeof WRITERS): string {
  const stack = { resources, invokes, outputs };
  const text = WRITERS[format](controlsReport(stack, policyOutcome(stack, { policy })));
  return text.endsWith("\n") ? text : `${text}\n`;
}
