import { type Html, html } from "./escape";

/** A cell: text, or HTML; `number` aligns it right. */
export type Cell = string | Html | undefined | { number: string };

/** A table that is a card a row on a phone: there each cell names its column. */
export function cards(columns: string[], rows: Cell[][], caption?: string): Html | undefined {
  if (rows.length === 0) return undefined;
  const isNumber = (column: number) => rows.some((row) => isFigure(row[column]));
  const head = columns.map((title, index) => html`<th scope="col"${isNumber(index) ? html` class="number"` : undefined}>${title}</th>`);
  const body = rows.map(
    ([first, ...rest]) => html`
<tr><th scope="row">${textOf(first)}</th>${rest.map((cell, index) => cellOf(cell, columns[index + 1] ?? ""))}</tr>`,
  );
  return html`<table class="cards">${caption === undefined ? undefined : html`<caption>${caption}</caption>`}<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function cellOf(cell: Cell, column: string): Html {
  const empty = cell === undefined || cell === "";
  return html`<td${isFigure(cell) ? html` class="number"` : undefined}${empty ? undefined : html` data-column="${column}"`}>${textOf(cell)}</td>`;
}

const isFigure = (cell: Cell): cell is { number: string } => typeof cell === "object" && "number" in cell;
const textOf = (cell: Cell): string | Html | undefined => (isFigure(cell) ? cell.number : cell);
