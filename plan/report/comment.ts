// What goes into a comment on a pull request: found again by its mark, and never longer than a comment may be.

/** GitHub takes 65,536 characters. */
const MOST = 65_000;

/** A part of a comment, which is left out where there is no room. */
export interface Section {
  title: string;
  lines: string[];
}

/** A comment: `head` always, then the sections as far as there is room, the most important first. */
export function comment({ project, stack }: { project: string; stack: string }, head: string[], sections: Section[]): string {
  // Nothing that a name has in it ends the mark.
  const mark = `${project}/${stack}`.replace(/[<>\s]/g, "_");
  const lines = [`<!-- berth plan ${mark} -->`, ...head];
  const left: string[] = [];
  let length = lengthOf(lines) + ROOM_FOR_NOTE;
  for (const { title, lines: its } of sections) {
    if (its.length === 0) continue;
    const more = lengthOf(["", ...its]);
    if (length + more > MOST) left.push(title);
    else {
      lines.push("", ...its);
      length += more;
    }
  }
  if (left.length > 0)
    lines.push("", `Too long for a comment, and left out: ${left.join(", ")}. \`--json\` and \`--html\` have all of it.`);
  return `${lines.join("\n")}\n`;
}

const ROOM_FOR_NOTE = 300;

/** In bytes, which no place counts fewer of. */
const lengthOf = (lines: string[]) => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

/** A list that is folded up. */
export const folded = (title: string, entries: string[], count = entries.length): Section => ({
  title,
  lines: entries.length === 0 ? [] : [`<details><summary>${title} (${count})</summary>`, "", ...entries, "", "</details>"],
});
