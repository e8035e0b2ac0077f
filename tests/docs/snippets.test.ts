import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Command } from "commander";
import ts from "typescript";
import { parse } from "yaml";
import { register as registerAdopt } from "../../adopt/cli";
import { register as registerVerbs } from "../../ops/cli";
import { register as registerPlan } from "../../plan/cli";
import { stackSettings } from "../../settings/stack";
import { REPOSITORY } from "../helpers/places";
import { settingsOf } from "../helpers/settings";
import { blocks, pages } from "./pages";

describe("the documentation", () => {
  it("has only relative links that lead to a file, and to a heading where they name one", () => {
    const broken = pages.flatMap(({ file, text }) =>
      [...prose(text).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].flatMap(([, target = ""]) => {
        const [path = "", anchor] = target.split("#");
        const to = path === "" ? join(REPOSITORY, file) : join(REPOSITORY, dirname(file), path);
        const good = existsSync(to) && (anchor === undefined || anchors(readFileSync(to, "utf8")).includes(anchor));
        return good ? [] : [`${file}: ${target}`];
      }),
    );
    assert.deepEqual(broken, []);
  });

  it("has TypeScript that compiles", () => {
    const snippets = blocks("ts");
    assert.ok(snippets.length >= 3, `only ${snippets.length} snippets found`);
    assert.deepEqual(complaintsAbout(snippets), []);
  });

  it("has settings that are accepted", () => {
    const snippets = blocks("yaml");
    assert.ok(snippets.length >= 5, `only ${snippets.length} snippets found`);
    for (const { file, line, code } of snippets) {
      // Whoever pastes a snippet into a stack file needs `config:` above it.
      const { config } = parse(code) as { config?: Record<string, unknown> };
      assert.ok(config, `${file}:${line} has no config:`);
      // What is encrypted reaches a plan as this mark.
      const sealed = JSON.parse(JSON.stringify(config).replace(/\{"secure":"[^"]*"\}/g, '"[secret]"')) as Record<string, unknown>;
      assert.doesNotThrow(() => settingsOf(sealed), `${file}:${line}`);
    }
  });

  it("lists every setting", () => {
    const { text } = pages.find(({ file }) => file === join("docs", "settings.md"))!;
    const keys = Object.entries(stackSettings).flatMap(([group, { facts }]) =>
      (facts.kind === "group" ? Object.keys(facts.entries) : []).map((key) => ({ group, key })),
    );
    assert.ok(keys.length >= 80, `only ${keys.length} keys found`);
    assert.deepEqual(
      keys.filter(({ group, key }) => !text.includes(`\`${group}.${key}\``) && !text.includes(`\`${key}\``)),
      [],
    );
  });

  it("names only verbs and options that berth has", () => {
    const program = new Command("berth");
    registerPlan(program);
    registerVerbs(program);
    registerAdopt(program);
    const calls = pages.flatMap(({ file, text }) => callsOf(text).map((call) => ({ file, call })));
    assert.ok(calls.length >= 20, `only ${calls.length} calls found`);
    const wrong = calls.filter(({ call }) => !isCall(program, call));
    assert.deepEqual(wrong, []);
  });
});

/** A page without its blocks of code. */
const prose = (text: string) => text.replace(/^```[\s\S]*?^```/gm, "");

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (text: string) =>
  [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );

/** What is wrong with the snippets, checked in one program, as if they stood in the repository's root. */
function complaintsAbout(snippets: { file: string; line: number; code: string }[]): string[] {
  const { config } = ts.readConfigFile(join(REPOSITORY, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY);
  const virtual = new Map(snippets.map(({ code }, i) => [join(REPOSITORY, `snippet-${i}.ts`), code]));
  const compilerOptions = { ...options, noCheck: false, noEmit: true };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => virtual.has(file) || fileExists(file);
  host.readFile = (file) => virtual.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const code = virtual.get(file);
    return code === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, code, version);
  };
  const program = ts.createProgram([...virtual.keys()], compilerOptions, host);
  return [...virtual.keys()].flatMap((name, i) => {
    const source = program.getSourceFile(name);
    const { file, line } = snippets[i]!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) =>
        `${relative(REPOSITORY, join(REPOSITORY, file))}:${line + 1 + source!.getLineAndCharacterOfPosition(start).line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
}

/** Calls of the tool in code: `berth VERB ...`, up to a comment, a pipe or the end of the line. */
function callsOf(text: string): string[] {
  const code = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm), ...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, inside = ""]) => inside);
  return code.flatMap((inside) =>
    [...inside.matchAll(/(?:^|npx |\()(?:node bin\/berth\.js|berth) ([a-z][^\n#|;)]*)/gm)].map(([, call = ""]) => call),
  );
}

/** Whether the verb is there and has every option that the call gives, up to a `--` behind which the words are another program's. */
function isCall(program: Command, call: string): boolean {
  const [verb, ...words] = call.split(/ -- /)[0]!.trim().split(/\s+/);
  const command = program.commands.find((one) => one.name() === verb);
  const below = command?.commands.find((one) => one.name() === words[0]);
  const known = (below ?? command)?.options.flatMap(({ short, long }) => [short, long]) ?? [];
  return command !== undefined && words.filter((word) => /^--?[a-z]/i.test(word)).every((word) => known.includes(word.split("=")[0]));
}
