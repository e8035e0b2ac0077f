import type { Picture } from "../picture";
import { type Html, html } from "./escape";
import { LINE, layOut, type Point } from "./layout";

/** The picture as SVG. Colors come from the page's style, so that they follow its light and dark. */
export function svg(picture: Picture, title: string): Html {
  const { width, height, nodes, groups, edges } = layOut(picture);
  const round = (value: number) => Math.round(value * 10) / 10;
  const boxes = groups.map(
    ({ title: name, box }, index) => html`
<g class="group group-${index === 0 ? "outer" : "inner"}"><rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="10"/>
<text x="${round(box.x + 10)}" y="${round(box.y + 16)}">${name}</text></g>`,
  );
  const lines = edges.map(
    ({ points }) => html`
<path class="edge" marker-end="url(#arrow)" d="${path(points, round)}"/>`,
  );
  const labels = edges
    .filter(({ label }) => label !== "")
    .map(
      ({ label, at }) => html`
<text class="label" text-anchor="middle" x="${round(at.x)}" y="${round(at.y + 4)}">${label}</text>`,
    );
  const shapes = nodes.map(({ title: name, detail, kind, box }) => {
    const middle = round(box.x + box.width / 2);
    const rows = [name, ...detail].map((row, index) => {
      const y = round(box.y + 10 + LINE * (index + 0.75));
      return html`<text class="${index === 0 ? "name" : "detail"}" text-anchor="middle" x="${middle}" y="${y}">${row}</text>`;
    });
    return html`
<g class="node ${kind}"><rect x="${round(box.x)}" y="${round(box.y)}" width="${round(box.width)}" height="${round(box.height)}" rx="${kind === "outside" ? 22 : 7}"/>${rows}</g>`;
  });
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="picture-title picture-text">
<title id="picture-title">${title}</title><desc id="picture-text">${describe(picture)}</desc>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>
${boxes}${lines}${shapes}${labels}
</svg>`;
}

/** The arrows in words, for those who do not see them. */
export function describe({ nodes, edges }: Picture): string {
  const name = (id: string) => {
    const node = nodes.find((one) => one.id === id);
    return node ? [node.title, node.detail[0]].filter(Boolean).join(" ") : id;
  };
  return edges.map(({ from, to, label }) => `${name(from)} to ${name(to)}${label === "" ? "" : ` (${label})`}`).join("; ");
}

/** A soft line through the points; each stretch begins and ends level. */
function path(points: Point[], round: (value: number) => number): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  const curves = rest.map(({ x, y }, index) => {
    const before = points[index]!;
    const middle = round((before.x + x) / 2);
    return `C${middle} ${round(before.y)} ${middle} ${round(y)} ${round(x)} ${round(y)}`;
  });
  return `M${round(first.x)} ${round(first.y)} ${curves.join(" ")}`;
}
