// Biome formats and lints. ESLint adds the rules that need types, which catch what hurts in a Pulumi program (an Output in a template literal or a sum,
// a promise that nobody awaits), and the rule that keeps imports between rooms one-way (docs/design.md).
import tseslint from "typescript-eslint";

/** What each room may import of the others. */
const ROOMS = {
  facts: [],
  sdk: [],
  tool: ["facts"],
  components: ["sdk", "facts"],
  settings: ["components", "facts"],
  policy: ["facts"],
  plan: ["policy", "tool", "sdk", "facts"],
  ops: ["tool", "facts"],
  adopt: ["plan", "settings", "tool", "facts"],
};
/** No room imports these. */
const OUTSIDE = ["app", "bench", "bin", "examples", "index", "scripts", "tests"];
/** The rooms inside components/. Each may import those before it. */
const COMPONENTS = ["base", "network", "files", "image", "load-balancer", "cluster", "task", "service", "alarms"];
const DEEPEST = 3;

const up = (depth) => (depth === 0 ? "\\./" : `(\\.\\./){${depth}}`);

/** A restriction of imports that lead to one of `names`, `depth` folders up. */
const closed = (depth, names, message) => ({ regex: `^${up(depth)}(${names.join("|")})(/|\\.|$)`, message });

/** The restrictions as rules: for imports and exports, import() of code and of types, and require(). */
function restricted(files, patterns) {
  const places = ["ImportExpression > Literal", "TSImportType Literal", "CallExpression[callee.name='require'] > Literal"];
  const selectors = patterns.flatMap(({ regex, message }) =>
    places.map((place) => ({ selector: `${place}[value=/${regex.replaceAll("/", "\\/")}/]`, message })),
  );
  return { files, rules: { "no-restricted-imports": ["error", { patterns }], "no-restricted-syntax": ["error", ...selectors] } };
}

function toOtherRooms(room, depth) {
  const allowed = [room, ...ROOMS[room]];
  const others = [...Object.keys(ROOMS), ...OUTSIDE].filter((name) => !allowed.includes(name));
  return closed(
    depth,
    others,
    `${room}/ may import ${ROOMS[room].map((name) => `${name}/`).join(", ") || "no other room"} (docs/design.md).`,
  );
}

const depths = Array.from({ length: DEEPEST }, (_, index) => index + 1);
const filesOf = (folder, depth) => [`${folder}/${"*/".repeat(depth)}*.ts`];

/** Dependencies point one way: index.ts -> settings -> components -> facts; policy and plan never see components; ops never sees a program. */
export const arrows = [
  restricted(
    ["index.ts"],
    [closed(0, ["ops", "plan", "policy", "tool"], "index.ts may import settings, components/, sdk/ and facts/ (docs/design.md).")],
  ),
  restricted(["settings.ts"], [toOtherRooms("settings", 0)]),
  ...Object.keys(ROOMS).flatMap((room) => depths.map((depth) => restricted(filesOf(room, depth - 1), [toOtherRooms(room, depth)]))),
  ...COMPONENTS.slice(0, -1).map((room, index) =>
    restricted(filesOf(`components/${room}`, 0), [
      toOtherRooms("components", 2),
      closed(
        1,
        COMPONENTS.slice(index + 1),
        `components/${room}/ may import ${COMPONENTS.slice(0, index).join(", ") || "no other room"} of components/ (docs/design.md).`,
      ),
    ]),
  ),
];

export default tseslint.config(
  { ignores: ["**/node_modules/**", ".cache/**", "dist/**", "docs/api/**", "app/**", "**/*.js", "**/*.mjs"] },
  {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser, parserOptions: { project: "./tsconfig.check.json" } },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/restrict-plus-operands": "error",
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
    },
  },
  {
    // Recorded inputs are JSON of any kind, and a test that reads one as text says so with String().
    files: ["tests/**/*.ts"],
    rules: { "@typescript-eslint/no-base-to-string": "off", "@typescript-eslint/restrict-template-expressions": "off" },
  },
  ...arrows,
);
