import { abbreviated } from "../../tool/text";
import type { Picture, PictureEdge, PictureNode } from "./picture";

/** With more services than this, those with the same neighbors are one box. */
const MOST = 8;
/** Names in a line of such a box, and lines. */
const NAMES = 3;
const LINES = 4;
/** What all services of a stack reach: with more services than this, its arrows would hide all others. */
const MOST_ARROWS = 4;

/** The same picture, readable however many services there are. */
export function condense(picture: Picture): Picture {
  const services = picture.nodes.filter(isService);
  const merged = services.length > MOST ? merge(picture) : picture;
  return merged.nodes.filter(isService).length > MOST_ARROWS ? withoutWaysOut(merged) : merged;
}

const isService = ({ kind }: PictureNode) => kind === "compute";

/** Services in the same subnets that are reached from the same boxes and use the same ones become one box. */
function merge({ nodes, edges, groups }: Picture): Picture {
  const neighbors = (id: string) => edges.flatMap(({ from, to }) => (from === id ? [`> ${to}`] : to === id ? [`< ${from}`] : [])).sort();
  const alike = new Map<string, PictureNode[]>();
  for (const node of nodes.filter(isService)) {
    const key = JSON.stringify([node.group, node.detail[0], neighbors(node.id)]);
    alike.set(key, [...(alike.get(key) ?? []), node]);
  }
  const standIn = new Map([...alike.values()].flatMap((same) => same.map(({ id }) => [id, same[0]!.id])));
  const boxes = nodes.flatMap((node) => {
    const same = [...alike.values()].find(([first]) => first?.id === node.id);
    if (same) return [boxOf(same)];
    return standIn.has(node.id) ? [] : [node];
  });
  return { nodes: boxes, edges: joined(edges, (id) => standIn.get(id) ?? id), groups };
}

function boxOf(same: PictureNode[]): PictureNode {
  const [first] = same as [PictureNode];
  if (same.length === 1) return { ...first, detail: first.detail.slice(0, 2) };
  const names = same.map(({ title }) => title);
  const lines = Array.from({ length: Math.min(LINES, Math.ceil(names.length / NAMES)) }, (_, line) => {
    const last = line === LINES - 1;
    return abbreviated(names.slice(line * NAMES, last ? undefined : (line + 1) * NAMES));
  });
  return { ...first, title: `${same.length} ${first.detail[0] ?? "service"}s`, detail: lines };
}

/** Each pair of boxes is joined by one arrow; of several labels it has their number. */
function joined(edges: PictureEdge[], of: (id: string) => string): PictureEdge[] {
  const all = new Map<string, { from: string; to: string; labels: string[] }>();
  for (const { from, to, label } of edges) {
    const [a, b] = [of(from), of(to)];
    const edge = all.get(`${a} ${b}`) ?? { from: a, to: b, labels: [] };
    all.set(`${a} ${b}`, edge);
    if (label !== "") edge.labels.push(label);
  }
  return [...all.values()].map(({ from, to, labels }) => ({
    from,
    to,
    label: labels.length > 1 ? `${labels.length} routes` : (labels[0] ?? ""),
  }));
}

/** NAT gateways and endpoints without the arrows from the services: their boxes say how many use them. */
function withoutWaysOut({ nodes, edges, groups }: Picture): Picture {
  const kindOf = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const isWayOut = ({ from, to }: PictureEdge) => kindOf.get(from) === "compute" && kindOf.get(to) === "traffic";
  const waysOut = new Set(edges.filter(isWayOut).map(({ to }) => to));
  return {
    nodes: nodes.map((node) => (waysOut.has(node.id) ? { ...node, detail: [...node.detail, "for the services"] } : node)),
    edges: edges.filter((edge) => !isWayOut(edge)),
    groups,
  };
}
