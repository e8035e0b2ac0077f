import { adviceLines } from "../tool/errors";
import type { Paint } from "../tool/paint";
import type { Diagnosis } from "./diagnosis/diagnose";
import type { Io } from "./io";

/** A diagnosis as lines for a person: cause, evidence, what to do. */
export function renderDiagnosis(diagnosis: Diagnosis, paint: Paint): string[] {
  const lines = [`${paint.bold("Why:")} ${diagnosis.sentence}`];
  const fact = (name: string, value: string) => lines.push(`  ${paint.dim(`${name}:`)} ${value}`);
  if (diagnosis.stoppedReason) fact(`Stopped reason (task ${diagnosis.task})`, diagnosis.stoppedReason);
  for (const { name, exitCode, reason } of diagnosis.containers) {
    fact(`Container ${name}`, [exitCode === undefined ? undefined : `exit code ${exitCode}`, reason].filter(Boolean).join(", "));
  }
  if (diagnosis.healthCheck) {
    fact("Health check", diagnosis.healthCheck.check);
    if (diagnosis.healthCheck.answer) fact("Its answer", diagnosis.healthCheck.answer);
  }
  if (diagnosis.stoppedReason === undefined) for (const event of diagnosis.events) fact("Event", event);
  if (diagnosis.log.lines.length > 0) {
    lines.push(`  ${paint.dim(`Last log lines of ${diagnosis.log.container ?? "the container"}:`)}`);
    lines.push(...diagnosis.log.lines.map((line) => `    ${paint.dim("|")} ${line}`));
  }
  if (diagnosis.log.elsewhere !== undefined) lines.push(`  ${diagnosis.log.elsewhere}`);
  return [...lines, ...adviceLines(diagnosis.advice, paint)];
}

/** Rows as columns of equal width, two spaces apart. */
export function table(rows: string[][]): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd(),
  );
}

/** Lines that are redrawn in place on a terminal, and elsewhere written once. */
export class Display {
  private shown: string[] = [];
  private last = "";
  /** What a log has already: counts that go back and forth are written once. */
  private readonly written = new Set<string>();

  constructor(private readonly io: Pick<Io, "err" | "erase" | "terminal" | "width">) {}

  /** The current status: replaces the lines of the last call on a terminal; `clock`, which always changes, shows only there. */
  status(lines: string[], clock: string): void {
    const { terminal, width } = this.io;
    const all = terminal ? [...lines, clock].map((line) => cut(line, width)) : lines;
    const text = all.join("\n");
    if (text === this.last || (!terminal && this.written.has(text))) return;
    this.last = text;
    this.written.add(text);
    this.erase();
    this.io.err(`${text}\n`);
    this.shown = terminal ? all : [];
  }

  /** An event: stays above the status. */
  event(line: string): void {
    const { shown } = this;
    this.erase();
    this.io.err(`${line}\n`);
    if (shown.length > 0) this.io.err(`${shown.join("\n")}\n`);
    this.shown = shown;
  }

  private erase(): void {
    if (this.shown.length > 0) this.io.erase(this.shown.length);
    this.shown = [];
  }
}

/** Cut, because a line that wraps cannot be redrawn in place; one with color is never longer than its `length`. */
function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
