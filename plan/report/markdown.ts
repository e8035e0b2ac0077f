/** As code, whatever is in it. */
export function code(text: string): string {
  const fence = "`".repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${fence} ${text.replaceAll("|", "\\|").replace(/\s+/g, " ")} ${fence}`;
}

/** As plain text on one line, whatever is in it. */
export function markdown(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>#|]/g, "\\$&");
}

/** A table; the cells are Markdown already. */
export function table(head: string[], rows: string[][]): string[] {
  return rows.length === 0 ? [] : [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}
