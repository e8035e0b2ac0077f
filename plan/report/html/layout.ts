import { layout as dagre, Graph } from "@dagrejs/dagre";
import type { Picture, PictureEdge, PictureGroup, PictureNode } from "../picture";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  nodes: (PictureNode & { box: Box })[];
  groups: (PictureGroup & { box: Box })[];
  edges: (PictureEdge & { points: Point[]; at: Point })[];
}

export interface Point {
  x: number;
  y: number;
}

/** Metrics of the text in the picture, in pixels: a wide letter of 13 px. */
const LETTER = 7.4;
export const LINE = 18;
const PADDING = { x: 14, y: 10 };
const MARGIN = 16;
/** Room for the title of a group above its boxes; a group around another needs it twice. */
const GROUP_TITLE = 20;

/** Where everything goes: left to right, as a request travels. */
export function layOut(picture: Picture): Layout {
  const graph = new Graph({ compound: true, directed: true });
  graph.setGraph({ rankdir: "LR", nodesep: 22, ranksep: 44, edgesep: 16, marginx: MARGIN, marginy: MARGIN + 2 * GROUP_TITLE });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of picture.groups) graph.setNode(id, {});
  for (const node of picture.nodes) graph.setNode(node.id, sizeOf(node));
  for (const { id, parent } of [...picture.groups, ...picture.nodes.map((node) => ({ id: node.id, parent: node.group }))]) {
    if (parent !== undefined) graph.setParent(id, parent);
  }
  for (const { from, to, label } of picture.edges) {
    graph.setEdge(from, to, label === "" ? {} : { width: label.length * LETTER * 0.85 + 12, height: LINE, labelpos: "c" });
  }
  dagre(graph);
  const box = (id: string): Box => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id) as Partial<Box>;
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: picture.nodes.map((node) => ({ ...node, box: box(node.id) })),
    // The outer one first, for it is drawn below the inner one.
    groups: picture.groups.map((group) => ({ ...group, box: withTitle(box(group.id), group.parent === undefined ? 2 : 1) })),
    edges: picture.edges.map((edge) => {
      const { points = [] } = graph.edge(edge.from, edge.to) as { points?: Point[] };
      const others = picture.nodes.filter(({ id }) => id !== edge.from && id !== edge.to).map(({ id }) => box(id));
      const line = route(points, box(edge.from), box(edge.to), others);
      return { ...edge, points: line, at: middleOf(line) };
    }),
  };
}

/** Where a label goes. */
function middleOf(line: Point[]): Point {
  const [from, to] = line;
  return line.length === 2 ? curvePoint(from!, to!, 0.5) : line[Math.floor(line.length / 2)]!;
}

function sizeOf({ title, detail }: PictureNode): { width: number; height: number } {
  const longest = Math.max(title.length * 1.1, ...detail.map((line) => line.length * 0.92));
  return { width: Math.ceil(longest * LETTER) + 2 * PADDING.x, height: (1 + detail.length) * LINE + 2 * PADDING.y };
}

function withTitle({ x, y, width, height }: Box, titles: number): Box {
  const room = titles * GROUP_TITLE;
  return { x, y: y - room + GROUP_TITLE / 2, width, height: height + room - GROUP_TITLE / 2 };
}

/** An edge leaves its box on the right and enters the other on the left, in one curve; around what lies in its way, by the layout's points. */
function route(points: Point[], from: Box, to: Box, others: Box[]): Point[] {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  if (start.x >= end.x) return points;
  const curve = STEPS.map((share) => curvePoint(start, end, share));
  const free = !others.some((box) => curve.some((point) => isInside(point, box)));
  return free ? [start, end] : [start, ...points.slice(1, -1), end];
}

/** Where along a curve it is checked for boxes in its way. */
const STEPS = Array.from({ length: 40 }, (_, index) => (index + 1) / 41);

/** A point of the curve between two boxes, which begins and ends level. */
function curvePoint(start: Point, end: Point, share: number): Point {
  const middle = (start.x + end.x) / 2;
  const [a, b, c, d] = [(1 - share) ** 3, 3 * (1 - share) ** 2 * share, 3 * (1 - share) * share ** 2, share ** 3];
  return { x: a * start.x + (b + c) * middle + d * end.x, y: (a + b) * start.y + (c + d) * end.y };
}

function isInside({ x, y }: Point, box: Box): boolean {
  return x > box.x - 4 && x < box.x + box.width + 4 && y > box.y - 4 && y < box.y + box.height + 4;
}
