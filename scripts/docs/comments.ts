// The comments of arguments: the one place for what an argument is for. They are read from the sources, without the compiler's types, which take their time.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** What the comment of an argument says. */
export interface Comment {
  /** What it is for. */
  meaning: string;
  /** What holds where it is left out: the text after "Defaults to". */
  byDefault?: string;
  /** The text after "Cost:". */
  cost?: string;
  examples: string[];
  /** The comment of an argument within it. */
  within: (key: string) => Comment | undefined;
}

export const ROOT = path.resolve(__dirname, "..", "..");
type Members = ts.InterfaceDeclaration | ts.TypeLiteralNode;

/** The interfaces and type aliases of these folders, by name. */
function declarationsOf(...folders: string[]): Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration> {
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(ROOT, folder, file)),
  );
  const found = new Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>();
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) continue;
      // Of two with one name, the library's own words are those that it hands out.
      const exported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
      if (exported || !found.has(statement.name.text)) found.set(statement.name.text, statement);
    }
  }
  return found;
}

/** The comments of an interface's properties, by key. */
export function commentsOf(name: string): Comment["within"] {
  const declarations = declarationsOf("components", "settings", "facts", "plan/project");

  /**
   * Where the properties of a type are declared, by variant of the type, and in each the nearest first: `Range | false` is a Range, `Pick<NetworkArgs, "zones">`
   * is NetworkArgs.
   */
  function variantsOf(node: ts.TypeNode | ts.ExpressionWithTypeArguments | undefined): Members[][] {
    if (!node) return [];
    if (ts.isUnionTypeNode(node)) return node.types.flatMap(variantsOf);
    if (ts.isIntersectionTypeNode(node)) return [node.types.flatMap(variantsOf).flat()];
    if (ts.isArrayTypeNode(node)) return variantsOf(node.elementType);
    if (ts.isParenthesizedTypeNode(node)) return variantsOf(node.type);
    if (ts.isTypeLiteralNode(node)) return [[node]];
    if (!ts.isTypeReferenceNode(node) && !ts.isExpressionWithTypeArguments(node)) return [];
    const declared = declarations.get((ts.isTypeReferenceNode(node) ? node.typeName : node.expression).getText());
    if (!declared) return (node.typeArguments ?? []).flatMap(variantsOf); // Pick, Omit, Record, Input
    return ts.isTypeAliasDeclaration(declared) ? variantsOf(declared.type) : [chainOf(declared)];
  }
  const chainOf = (declared: ts.InterfaceDeclaration): Members[] => [
    declared,
    ...(declared.heritageClauses ?? []).flatMap(({ types }) => types.flatMap(variantsOf).flat()),
  ];

  const within =
    (variants: Members[][]): Comment["within"] =>
    (key) => {
      const inVariant = (chain: Members[]) =>
        chain.flatMap(({ members }) => members.filter(ts.isPropertySignature)).find((member) => member.name.getText() === key);
      const properties = [...new Set(variants.map(inVariant).filter((property) => property !== undefined))];
      if (properties.length === 0) return undefined;
      // What each variant of a type is called by: `strategy`.
      const literal = properties.length > 1 && properties.every(({ type }) => type && ts.isLiteralTypeNode(type));
      const texts = properties.map((one) => `${literal ? `${one.type!.getText().replaceAll('"', "`")}: ` : ""}${textOf(one)}`);
      const examples = ts.getJSDocTags(properties[0]!).filter((tag) => tag.tagName.text === "example");
      return {
        ...read([...new Set(texts)].join(" ")),
        examples: examples.map((tag) => ts.getTextOfJSDocComment(tag.comment) ?? ""),
        within: within(properties.flatMap(({ type }) => variantsOf(type))),
      };
    };
  const declared = declarations.get(name);
  if (!declared || !ts.isInterfaceDeclaration(declared)) throw new Error(`there is no interface ${name}`);
  return within([chainOf(declared)]);
}

const textOf = (node: ts.Node) =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter((part): part is ts.JSDoc => ts.isJSDoc(part))
    .map((part) => ts.getTextOfJSDocComment(part.comment) ?? "")
    .join(" ");

const DEFAULT = /^Defaults to /;
const COST = /^Cost(?: [^:.]*)?: /;

/** A comment's sentences: what the default is, what it costs, and the rest. A dot within a number or a word ends none. */
function read(text: string): Pick<Comment, "meaning" | "byDefault" | "cost"> {
  const sentences = (text.replace(/\s+/g, " ").match(/.*?[.](?=\s[A-Z`"]|$)|.+$/g) ?? []).map((sentence) => sentence.trim());
  const rest = (start: RegExp) =>
    sentences
      .find((sentence) => start.test(sentence))
      ?.replace(start, "")
      .replace(/\.$/, "");
  const [byDefault, cost] = [rest(DEFAULT), rest(COST)];
  const meaning = sentences.filter((sentence) => sentence !== "" && !DEFAULT.test(sentence) && !COST.test(sentence)).join(" ");
  return { meaning, ...(byDefault !== undefined && { byDefault }), ...(cost !== undefined && { cost }) };
}
