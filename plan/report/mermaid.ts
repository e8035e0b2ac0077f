import type { Picture, PictureNode } from "./picture";
import type { Mark } from "./picture-of-changes";

/** How a box is drawn that an update makes, changes or replaces. */
const STYLES: Record<Mark, string> = {
  added: "stroke:#1a7f37,stroke-width:3px",
  changed: "stroke:#9a6700,stroke-width:3px",
  replaced: "stroke:#cf222e,stroke-width:3px,stroke-dasharray:6 3",
};

/** The picture as Mermaid's flowchart, which GitHub draws in a pull request; what is marked has a frame of its own color. */
export function mermaid({ nodes, edges, groups }: Picture, marks: ReadonlyMap<string, Mark> = new Map()): string {
  const ids = new Map([...groups, ...nodes].map(({ id }, index) => [id, `n${index}`]));
  const name = (id: string) => ids.get(id) ?? "n";
  const shape: Record<PictureNode["kind"], [string, string]> = {
    outside: ["([", "])"],
    traffic: ["{{", "}}"],
    compute: ["[", "]"],
    data: ["[(", ")]"],
  };
  const node = ({ id, title, detail, kind }: PictureNode, indent: string) => {
    const [open, close] = shape[kind];
    return `${indent}${name(id)}${open}"${[title, ...detail].map(quote).join("<br/>")}"${close}`;
  };
  const inside = (parent: string | undefined, indent: string): string[] => [
    ...groups
      .filter((group) => group.parent === parent)
      .flatMap((group) => [
        `${indent}subgraph ${name(group.id)}["${quote(group.title)}"]`,
        ...inside(group.id, `${indent}  `),
        `${indent}end`,
      ]),
    ...nodes.filter(({ group }) => group === parent).map((one) => node(one, indent)),
  ];
  const arrows = edges.map(({ from, to, label }) => `  ${name(from)} -->${label === "" ? "" : `|"${quote(label)}"|`} ${name(to)}`);
  const styles = (Object.keys(STYLES) as Mark[]).flatMap((mark) => {
    const its = nodes.filter(({ id }) => marks.get(id) === mark);
    return its.length === 0 ? [] : [`  classDef ${mark} ${STYLES[mark]}`, `  class ${its.map(({ id }) => name(id)).join(",")} ${mark}`];
  });
  return `${["flowchart LR", ...inside(undefined, "  "), ...arrows, ...styles].join("\n")}\n`;
}

/** What Mermaid would read as its own, as what looks like it: its entities do not come out right in the labels of arrows. */
const LOOKALIKES: Record<string, string> = {
  '"': "”",
  "<": "‹",
  ">": "›",
  "#": "＃",
  "&": "＆",
  ";": "；",
  "`": "ˋ",
  "\\": "＼",
  "|": "｜",
};

function quote(text: string): string {
  const safe = [...text].map((character) => LOOKALIKES[character] ?? (/[\p{C}\p{Z}]/u.test(character) ? " " : character)).join("");
  // What begins like a list in Markdown is refused; a space without width before it is no list.
  return /^\s*([-*+]|\d+\.)\s/.test(safe) ? `\u200b${safe}` : safe;
}
