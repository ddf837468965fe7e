// Bundles static/css and static/js into static/build: app.css, app.js, composer.js, theme.js, status.css, status.js, icons.svg.
// Of Tabler only the rules and drawings that a template, script or Python file names are taken; a new class or icon
// needs a new `npm run build` (`npm run watch` does it by itself).
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const out = path.join(root, "static", "build");
const browsers = ["chrome111", "firefox114", "safari16.4"];
const sources = ["templates", "static/js", "mim_portal", "teams", "incidents", "comms", "reviews"];
const appCss = ["tokens", "base", "controls", "components", "frame", "room", "pages", "desk", "print"];

async function walk(folder, suffixes) {
  const entries = await readdir(path.join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && suffixes.some((suffix) => entry.name.endsWith(suffix)))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

async function corpus() {
  const files = (await Promise.all(sources.map((folder) => walk(folder, [".html", ".js", ".py"])))).flat();
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}

// Keeps of minified CSS the rules whose every class name is in `words`; at-rules with rules inside are pruned inside.
function prune(css, words) {
  const used = (selector) => (selector.match(/\.-?[A-Za-z_][\w-]*/g) ?? []).every((name) => words.has(name.slice(1)));
  let result = "";
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf("{", at);
    const semicolon = css.indexOf(";", at);
    if (semicolon !== -1 && (open === -1 || semicolon < open)) {
      result += css.slice(at, semicolon + 1);
      at = semicolon + 1;
      continue;
    }
    if (open === -1) break;
    const head = css.slice(at, open).replace(/\/\*[\s\S]*?\*\//g, "").trim();
    const close = closing(css, open);
    const body = css.slice(open + 1, close);
    at = close + 1;
    if (/^@(media|supports|layer|container)/.test(head)) {
      const inside = prune(body, words);
      if (inside) result += `${head}{${inside}}`;
    } else if (head.startsWith("@")) {
      result += `${head}{${body}}`;
    } else {
      const kept = selectors(head).filter(used);
      if (kept.length) result += `${kept.join(",")}{${body}}`;
    }
  }
  return result;
}

function closing(css, open) {
  let depth = 0;
  for (let at = open; at < css.length; at += 1) {
    const sign = css[at];
    if (sign === '"' || sign === "'") {
      at = css.indexOf(sign, at + 1);
      while (css[at - 1] === "\\") at = css.indexOf(sign, at + 1);
    } else if (sign === "{") depth += 1;
    else if (sign === "}" && (depth -= 1) === 0) return at;
  }
  throw new Error("unbalanced CSS");
}

function selectors(head) {
  const parts = [];
  let depth = 0;
  let start = 0;
  [...head].forEach((sign, index) => {
    if ("([".includes(sign)) depth += 1;
    else if (")]".includes(sign)) depth -= 1;
    else if (sign === "," && depth === 0) {
      parts.push(head.slice(start, index));
      start = index + 1;
    }
  });
  return [...parts, head.slice(start)];
}

async function styles(text) {
  const words = new Set(text.match(/[A-Za-z_][\w-]*/g));
  const tabler = await readFile(path.join(root, "node_modules/@tabler/core/dist/css/tabler.min.css"), "utf8");
  const own = await Promise.all(appCss.map((name) => readFile(path.join(root, `static/css/${name}.css`), "utf8")));
  const base = prune(tabler.replace(/^@charset "UTF-8";/, ""), words);
  const licence = "/*! Base: Tabler (https://tabler.io), MIT licence. Icons: Tabler Icons, MIT licence. */\n";
  await minified(`${licence}@layer tabler{${base}}\n${own.join("\n")}`, "app.css");
  await minified(await readFile(path.join(root, "static/css/status.css"), "utf8"), "status.css");
}

async function minified(contents, name) {
  const { code } = await esbuild.transform(contents, { loader: "css", minify: true, target: browsers, legalComments: "inline" });
  await writeFile(path.join(out, name), code);
}

async function icons(text) {
  const calls = /\bicon(?:_name)?\s*[(=:]\s*['"]([a-z0-9-]+)['"]/g;
  const named = /['"]icon['"]\s*:\s*['"]([a-z0-9-]+)['"]/g;
  const extra = ["check", "alert-triangle", "alert-octagon", "info-circle"];
  const found = [calls, named].flatMap((pattern) => [...text.matchAll(pattern)].map((hit) => hit[1]));
  const names = new Set([...extra, ...found, ...(await navigationIcons())]);
  const symbols = await Promise.all([...names].sort().map(async (name) => {
    const file = path.join(root, `node_modules/@tabler/icons/icons/outline/${name}.svg`);
    const svg = await readFile(file, "utf8").catch(() => {
      throw new Error(`There is no Tabler icon named "${name}".`);
    });
    const inside = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inside}</symbol>`;
  }));
  await writeFile(path.join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

// The bar's places are plain tuples in Python: every word there that is the name of a drawing is taken.
async function navigationIcons() {
  const drawings = new Set(await readdir(path.join(root, "node_modules/@tabler/icons/icons/outline")));
  const python = await readFile(path.join(root, "mim_portal/context.py"), "utf8").catch(() => "");
  return [...python.matchAll(/"([a-z0-9-]+)"/g)].map((hit) => hit[1]).filter((name) => drawings.has(`${name}.svg`));
}

async function scripts() {
  await esbuild.build({
    entryPoints: { app: "static/js/app.js", composer: "static/js/composer.js", theme: "static/js/theme-first.js", status: "static/js/status.js" },
    absWorkingDir: root, outdir: out, bundle: true, minify: true, format: "iife", target: browsers, legalComments: "inline",
  });
}

async function build() {
  const started = Date.now();
  await mkdir(out, { recursive: true });
  const text = await corpus();
  await Promise.all([styles(text), icons(text), scripts()]);
  console.log(`static/build made in ${Date.now() - started} ms`);
}

async function watching() {
  let timer;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), 150);
  };
  ["templates", "static/css", "static/js"].forEach((folder) => watch(path.join(root, folder), { recursive: true }, again));
  again();
}

try {
  await (process.argv.includes("--watch") ? watching() : build());
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
