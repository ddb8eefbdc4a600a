// Builds the page into service/http/graphiql: index.html, and under assets/ the files it names. Each file's
// name carries its hash, so a browser may keep it for good; equal sources give equal bytes.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../../service/http/graphiql");
const assets = join(target, "assets");

// GraphiQL's style sheet carries its web fonts inside; without them it is a fifth of the size, and the page
// needs no fonts of its own.
const withoutFonts = {
  name: "without-fonts",
  setup(plugin) {
    plugin.onLoad({ filter: /graphiql[\\/]dist[\\/]style\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      return { contents: css.replace(/@font-face\s*\{[^}]*\}/g, ""), loader: "css" };
    });
  },
};

/** The licence of every package that is in the bundle, as their authors ask. */
async function licences(metafile) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
    if (found) folders.add(found[1]);
  }
  const texts = new Map();
  for (const folder of folders) {
    const about = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"));
    texts.set(`${about.name} ${about.version}`, `${about.license}\n\n${await licenceText(folder, about)}`);
  }
  const rule = "-".repeat(78);
  return [...texts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, text]) => `${rule}\n${name}: ${text.trim().replace(/[ \t]+$/gm, "")}\n`)
    .join("\n");
}

async function licenceText(folder, about) {
  for (const name of ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "license.md", "LICENSE-MIT.txt"]) {
    const text = await readFile(join(here, folder, name), "utf8").catch(() => null);
    if (text !== null) return text.replaceAll("\r\n", "\n");
  }
  const authors = [about.author ?? about.contributors ?? []].flat();
  const names = authors.map((author) => (author.name ?? author).replace(/\s*[<(].*/, ""));
  return `The package carries no text of its licence. By ${names.join(", ") || "its contributors"}.`;
}

async function writeHashed(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const file = name.replace(/(\.\w+)$/, `-${hash}$1`);
  await writeFile(join(assets, file), contents);
  return file;
}

await rm(target, { recursive: true, force: true });
await mkdir(assets, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/page.tsx"],
  entryNames: "[name]-[hash]",
  outdir: assets,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  charset: "utf8",
  legalComments: "none",
  alias: { "react-style-singleton": "./src/no-style-elements.ts" },
  define: { "process.env.NODE_ENV": '"production"' },
  metafile: true,
  plugins: [withoutFonts],
  logLevel: "warning",
});

const built = Object.keys(result.metafile.outputs).map((path) => basename(path));
const names = {
  script: built.find((name) => name.endsWith(".js")),
  style: built.find((name) => name.endsWith(".css")),
  icon: await writeHashed("icon.svg", await readFile(join(here, "src/icon.svg"), "utf8")),
  licences: await writeHashed("licences.txt", await licences(result.metafile)),
};
const page = await readFile(join(here, "index.html"), "utf8");
await writeFile(
  join(target, "index.html"),
  page.replace(/%(\w+)%/g, (_, key) => `graphiql-assets/${names[key]}`),
);
for (const name of Object.values(names)) {
  console.log(`${name}  ${(await readFile(join(assets, name))).length}`);
}
