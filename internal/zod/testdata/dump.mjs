// node dump.mjs ROOT FLAVOUR: writes the definitions of the schemas in ROOT's cases, as the real library holds them.
// node dump.mjs ROOT PACKAGE PROBES.json OPTIONS.json [CONVERTER]: the same for expressions over `z`, and what the library
// makes of each by each of the named options; PACKAGE and CONVERTER (zod-to-json-schema, for version 3) are paths.
//
// One record an instance: {id, class, def, parent, meta, novalues}; a value in a def is
// {u:1} undefined, {n:..} number JSON lacks, {b:".."} bigint, {y:".."} symbol, {d:ms} date, {r:[source,flags,id]} regex,
// {g:id} a function that returns a new schema each time, {x:1} function, {f:VALUE} function that returns VALUE, {s:id} schema or check, {a:[..]} array, {o:[[key,VALUE],..]} object,
// anything else as it is.
//
// With --calls, an instance that a method returned is {id, call:[id of the receiver, method, [VALUE,..]]} instead.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const argv = process.argv.slice(2);
const calls = argv.includes("--calls");
const [root, flavour, probesFile, optionsFile, converter] = argv.filter((a) => a !== "--calls");
process.chdir(root);
for (const k of Object.keys(process.env)) if (k.startsWith("ZO_")) delete process.env[k];
const records = [];
const ids = new Map();
const regexIds = new Map();
let registry = new Map();

const isSchema = (v) => v && typeof v === "object" && (v._zod || (v._def && v._def.typeName));
const isV3 = (v) => !v._zod;

function value(v, depth = 0) {
  switch (typeof v) {
    case "undefined": return { u: 1 };
    case "bigint": return { b: String(v) };
    case "symbol": return { y: String(v.description) };
    case "function": return { x: 1 };
    case "number": return Number.isFinite(v) ? v : { n: String(v) };
    case "object": break;
    default: return v;
  }
  if (v === null) return null;
  if (v instanceof Date) return { d: v.getTime() };
  if (v instanceof RegExp) {
    if (!regexIds.has(v)) regexIds.set(v, regexIds.size);
    return { r: [v.source, v.flags, regexIds.get(v)] };
  }
  if (isSchema(v)) return { s: dump(v) };
  if (depth > 50) return { x: 1 };
  if (Array.isArray(v)) return { a: v.map((x) => value(x, depth + 1)) };
  if (v instanceof Map) return { a: [...v.values()].map((x) => value(x, depth + 1)) };
  return { o: Object.keys(v).map((k) => [k, value(v[k], depth + 1)]) };
}

const attempt = (fn) => { try { return { f: value(fn()) }; } catch { return { x: 1 }; } };

function defaultPattern(v, def) {
  if (!(def.pattern instanceof RegExp) || def.check !== "string_format") return false;
  if (/CustomStringFormat|CheckRegex/.test(v.constructor.name)) return false;
  const { pattern, checks, ...rest } = def;
  try { return new v.constructor(rest)._zod.def.pattern.source === pattern.source; } catch { return false; }
}

function member(v, def, key) {
  if (key === "getter") {
    const inner = v._zod ? v._zod.innerType : def.getter();
    return unwrap(def.getter()) === unwrap(inner) ? { f: { s: dump(unwrap(inner)) } } : { g: dump(unwrap(inner)) };
  }
  if (key === "defaultValue") return attempt(() => (typeof def[key] === "function" ? def[key]() : def[key]));
  if (key === "catchValue") return attempt(() => def.catchValue(v._zod ? undefined : { error: null, input: undefined }));
  if (key === "effect") return effect(def.effect);
  if (key === "shape" && typeof def.shape === "function") return { f: value(def.shape()) };
  return value(def[key]);
}

// what an effect's function makes of undefined; for a refinement, whether it accepts it
function effect(e) {
  let issue = false;
  const ctx = { addIssue() { issue = true; }, path: [] };
  const fn = e.type === "refinement" ? () => (e.refinement(undefined, ctx), !issue) : () => e.transform(undefined, ctx);
  return { o: [["type", e.type], [e.type === "refinement" ? "refinement" : "transform", attempt(fn)]] };
}

function dump(v) {
  if (ids.has(v)) return ids.get(v);
  const rec = { id: ids.size, class: v.constructor?.name ?? "", def: [] };
  ids.set(v, rec.id);
  records[rec.id] = rec;
  if (isV3(v)) rec.accepts = safe(() => v.isOptional());
  if (v._zod && ["enum", "literal"].includes(v._zod.def.type) && v._zod.values === undefined) rec.novalues = true;
  const from = made.get(v);
  if (from) {
    rec.call = [dump(from.receiver), from.method, from.args.map((a) => argument(from.method, a))];
    return rec.id;
  }
  const def = isV3(v) ? v._def : v._zod.def;
  for (const key of Object.getOwnPropertyNames(def)) {
    if (["error", "errorMap", "_cachedInner"].includes(key)) continue;
    if (key === "pattern" && defaultPattern(v, def)) continue;
    rec.def.push([key, member(v, def, key)]);
  }
  if (["describe", "meta"].includes(def.check)) {
    const dummy = { _zod: {} };
    for (const fn of v._zod.onattach) fn(dummy);
    const meta = registry.get(dummy) ?? {};
    rec.def.push(["description", value(meta.description)], ["metadata", value(meta)]);
  }
  if (!isV3(v)) {
    if (v._zod.parent) rec.parent = dump(v._zod.parent);
    const meta = registry.get(v);
    if (meta) rec.meta = value(meta);
  }
  return rec.id;
}
const safe = (fn) => { try { return fn(); } catch { return true; } };

// ---- method calls, recorded through proxies
const made = new Map(); // instance -> the call that returned it
const real = new WeakMap(); // proxy -> instance
const proxies = new WeakMap(); // instance -> proxy
let globalRegistry;

function argument(method, a) {
  if (a && a === globalRegistry) return "globalRegistry";
  if (typeof a === "function") return ["default", "prefault", "catch"].includes(method) ? attempt(() => a()) : predicate(a);
  return value(a);
}
// what a program's function makes of undefined, as far as that can be asked
function predicate(fn) {
  let issue = false;
  try { return { f: value(issueOf(fn(undefined, { addIssue() { issue = true; }, path: [] }))) }; } catch { return { x: 1 }; }
  function issueOf(v) { return issue ? false : v; }
}

function unwrap(v, depth = 0) {
  if (v === null || (typeof v !== "object" && typeof v !== "function") || depth > 20) return v;
  if (real.has(v)) return real.get(v);
  if (typeof v === "function") return v.prototype ? v : (...a) => unwrap(v(...a));
  if (Array.isArray(v)) return v.map((x) => unwrap(x, depth + 1));
  if (Object.getPrototypeOf(v) !== Object.prototype) return v;
  const out = {};
  for (const k of Object.keys(v)) {
    const d = Object.getOwnPropertyDescriptor(v, k);
    if (d.get) Object.defineProperty(out, k, { ...d, get: () => unwrap(d.get.call(v)) });
    else out[k] = unwrap(d.value, depth + 1);
  }
  return out;
}

function wrap(v) {
  if (!isSchema(v)) return v;
  if (proxies.has(v)) return proxies.get(v);
  const p = new Proxy(v, {
    get(target, key) {
      const m = Reflect.get(target, key, target);
      if (typeof m !== "function" || typeof key === "symbol" || /^_|^constructor$/.test(key)) return isSchema(m) ? wrap(m) : m;
      return (...args) => {
        const plain = args.map((a) => unwrap(a));
        const got = m.apply(target, plain);
        if (isSchema(got) && got !== target && !ids.has(got) && !made.has(got) && !/^(unwrap|removeDefault|removeCatch|innerType|sourceType|apply)$/.test(key))
          made.set(got, { receiver: target, method: key, args: plain });
        return wrap(got);
      };
    },
  });
  proxies.set(v, p);
  real.set(p, v);
  return p;
}

function wrapNamespace(ns, depth = 0) {
  return new Proxy({}, {
    get(_, key) {
      const v = ns[key];
      if (typeof v === "function" && !/^(Zod|\$|[A-Z])/.test(String(key))) return (...args) => wrap(v(...args.map((a) => unwrap(a))));
      if (["iso", "coerce", "z"].includes(key) && depth < 2) return wrapNamespace(v, depth + 1);
      return v;
    },
    has: (_, key) => key in ns,
  });
}
globalThis.__wrapNamespace = (ns) => (globalRegistry = ns.globalRegistry ?? ns.z?.globalRegistry, calls ? wrapNamespace(ns) : ns);

// a module that stands for the library and hands out its functions through the proxies
async function shim(dir, file, pkg) {
  const names = Object.keys(await import(pathToFileURL(path.join(root, "node_modules", pkg, "index.js")))).filter((n) => n !== "default");
  fs.writeFileSync(path.join(dir, file), `import * as real from "${pkg}";\nconst w = globalThis.__wrapNamespace(real);\n` + names.map((n, i) => `const e${i} = w[${JSON.stringify(n)}];\nexport { e${i} as ${n} };`).join("\n") + "\nexport default w;\n");
}

const schemas = {};
const expected = {};
console.warn = () => {};
if (probesFile) {
  const options = JSON.parse(fs.readFileSync(optionsFile, "utf8"));
  const convert = converter ? (await import(pathToFileURL(path.join(converter, "dist", "esm", "index.js")))).zodToJsonSchema : undefined;
  const probes = JSON.parse(fs.readFileSync(probesFile, "utf8"));
  const entry = ["index.js", "lib/index.js"].find((f) => fs.existsSync(path.join(flavour, f)));
  const mod = await import(pathToFileURL(path.join(flavour, entry)));
  const plain = mod.z ?? mod.default?.z ?? mod.default ?? mod;
  const z = globalThis.__wrapNamespace(plain);
  for (const p of probes) {
    try {
      z.globalRegistry?.clear?.();
      const s = unwrap(new Function("z", "return (" + p + ")")(z));
      if (!isSchema(s)) continue;
      registry = plain.globalRegistry?._map ?? new Map();
      schemas[p] = dump(s);
      expected[p] = {};
      for (const [name, o] of Object.entries(options)) {
        try {
          const json = convert ? convert(s, o) : plain.toJSONSchema(s, o);
          expected[p][name] = JSON.parse(JSON.stringify(json, (_, v) => (typeof v === "bigint" ? Number(v) : v)));
        } catch (e) { expected[p][name] = { throws: String(e && e.message).split("\n")[0] }; }
      }
    } catch { /* not valid in this version */ }
  }
} else {
  const lib = await import(pathToFileURL(path.join(root, "lib.mjs")));
  const files = lib.readCaseFiles(["visible"]).filter((f) => f.only.includes(flavour));
  const dir = path.join(root, "out", "stage", `dump-${flavour}`);
  lib.stage(dir, files, lib.guardSource);
  fs.writeFileSync(path.join(dir, "entry.mjs"), ['export * as zod from "zod";', ...files.map((f, i) => `export * as f${i} from "./${f.rel}";`)].join("\n") + "\n");
  const bundled = path.join(dir, "bundle.mjs");
  const esbuild = await import(pathToFileURL(path.join(root, "node_modules", "esbuild", "lib", "main.js")));
  const pkg = lib.FLAVOURS[flavour].pkg;
  await shim(dir, "shim.mjs", pkg);
  await (esbuild.default ?? esbuild).build({
    entryPoints: [path.join(dir, "entry.mjs")], outfile: bundled, bundle: true, format: "esm", platform: "node", logLevel: "warning",
    absWorkingDir: root, nodePaths: [path.join(root, "node_modules")],
    plugins: [{ name: "shim", setup(b) {
      b.onResolve({ filter: /^zod(3|40)?$/ }, (a) => ({ path: a.importer.endsWith("shim.mjs") ? path.join(root, "node_modules", a.path, "index.js") : path.join(dir, "shim.mjs") }));
    } }],
  });
  const mod = await import(pathToFileURL(bundled));
  registry = mod.zod.globalRegistry?._map ?? new Map();
  files.forEach((f, i) => {
    for (const c of f.cases) {
      let s = mod[`f${i}`][c.id];
      try { if (typeof s === "function") s = s(); } catch { continue; }
      s = unwrap(s);
      if (isSchema(s)) schemas[c.tool] = dump(s);
    }
  });
}
process.stdout.write(JSON.stringify({ schemas, records, expected }));
