// What a JSON Schema takes and refuses, by Ajv, the Zod schemas and the pydantic models take and refuse, for values made
// of the schema by chance, from a fixed seed. An export says where it checks less ("Not checked", "Not exact"): there it
// may take more. It takes less only where it says that it names no type.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const zod = await import("./built/zod.js");
const source = readFileSync("zod.ts", "utf8");
const components = JSON.parse(readFileSync("openapi.json", "utf8"));
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, ownProperties: true });
ajv.addSchema({ $id: "doc", ...components });

let state = 12345;
const random = (n) => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8) % n;
const pick = (list) => list[random(list.length)];
const scalars = [null, true, false, 0, 1, -1, 2, 3, 7, 8, 0.5, 1.5, 0.1, "", "a", "b", "only", "aa", "aaaaa", "2020-12", "x", "y", "kind", "é", "*/", [], {}, [1], ["a"], ["a", 1], { a: 1 }, { a: "x" }];
function resolve(s) {
  for (let i = 0; s?.$ref && i < 20; i++) {
    const [, pointer] = s.$ref.split("#");
    s = pointer.split("/").slice(1).reduce((at, k) => at?.[decodeURIComponent(k).replaceAll("~1", "/").replaceAll("~0", "~")], components);
  }
  return s;
}
function value(s, depth) {
  s = resolve(s);
  if (random(12) === 0 || s === undefined || s === true || s === false || depth > 6) return pick(scalars);
  for (const k of ["anyOf", "oneOf"]) if (Array.isArray(s[k]) && (random(2) || !s.properties)) return value(pick(s[k]), depth + 1);
  if (Array.isArray(s.allOf) && random(4)) return Object.assign({}, ...s.allOf.map((x) => value(x, depth + 1)).filter((x) => x && typeof x === "object" && !Array.isArray(x)));
  if ("const" in s) return s.const;
  if (Array.isArray(s.enum) && s.enum.length) return pick(s.enum);
  const type = Array.isArray(s.type) ? pick(s.type) : s.type ?? (s.properties ? "object" : s.items || s.prefixItems ? "array" : pick(["string", "object"]));
  switch (type) {
    case "object": {
      const out = {};
      for (const k of Object.keys(s.properties ?? {})) {
        if (k !== "__proto__" && (random(3) || s.required?.includes?.(k)) && random(20)) out[k] = value(s.properties[k], depth + 1);
      }
      if (random(4) === 0) out[pick(["extra", "x-a", "more"])] = typeof s.additionalProperties === "object" ? value(s.additionalProperties, depth + 1) : pick(scalars);
      return out;
    }
    case "array": {
      const first = (s.prefixItems ?? []).map((x) => value(x, depth + 1)).slice(0, random(4) ? undefined : 1);
      const more = random(3) ? 0 : random(3);
      return first.concat(Array.from({ length: s.prefixItems ? more : random(4) }, () => value(s.items ?? true, depth + 1)));
    }
    case "string": return pick(["", "a", "b", "aa", "abcd", "abcde", "2020-12", "é", "only", "x"]);
    case "integer": return pick([0, 1, -3, 7, 8, -4, 1.5]);
    case "number": return pick([0, 0.5, 0.25, 1, -1, 2, 3]);
    case "boolean": return pick([true, false]);
    case "null": return null;
  }
  return pick(scalars);
}

const cases = [];
const failed = [];
let taken = 0;
for (const [path, item] of Object.entries(components.paths)) {
  const tool = item.post.summary;
  if (tool === "Circle" || tool === "Invalid") continue; // to follow it never ends; nothing is said of it
  const ref = item.post.requestBody.content["application/json"].schema.$ref;
  if (!Object.hasOwn(zod.toolInputs, tool)) { failed.push("no zod schema for " + JSON.stringify(tool)); continue; }
  let validate;
  try {
    validate = ajv.compile({ $ref: "doc" + ref });
  } catch (e) {
    continue; // no valid schema
  }
  const schema = resolve({ $ref: ref });
  if (/taken for/.test(JSON.stringify(definitionsOf(tool)))) continue; // it takes less than its schema, as people mean it
  const loose = /Not checked|Not exact/.test(JSON.stringify(definitionsOf(tool)));
  for (let i = 0; i < 60; i++) {
    const v = value(schema, 0);
    const want = validate(v);
    const got = zod.toolInputs[tool].safeParse(v).success;
    taken += want;
    const inherited = tool in {} || tool === "AllNames"; // Zod takes members of every object's prototype for the value's own
    if (want !== got && !(got && loose) && !inherited) failed.push(`zod ${tool}: ${JSON.stringify(v)}: want ${want}`);
    cases.push({ tool, value: v, want });
  }
}

// definitionsOf is all that the export says of a tool: its constants, of whose names the tool's is the beginning.
function definitionsOf(tool) {
  const own = Object.entries(zod).find(([k, s]) => s === zod.toolInputs[tool] && k.endsWith("Input"))?.[0] ?? "";
  const parts = source.split(/\n\n(?=\/\*\*|export const)/);
  return parts.filter((p) => p.includes(`export const ${own}`));
}

console.log(`${cases.length} values, ${taken} of them valid`);
const python = process.argv[2];
if (python) {
  writeFileSync("cases.json", JSON.stringify(cases));
  writeFileSync("check.py", `
import json, re, sys, warnings
warnings.simplefilter("error")
warnings.simplefilter("ignore", ResourceWarning)
import python as m
from pydantic import ValidationError
source = open("python.py").read()
parts = re.split(r"\\n\\n\\n(?=class )", source)
failed = 0
for c in json.load(open("cases.json")):
    model = m.TOOL_INPUTS[c["tool"]]
    loose = any(re.match(r"class " + model.__name__, p) and re.search("Not checked|Not exact", p) for p in parts)
    for how in (lambda: model.model_validate(c["value"]), lambda: model.model_validate_json(json.dumps(c["value"]))):
        try:
            how()
            got = True
        except ValidationError as e:
            got, why = False, str(e)
        if got != c["want"] and not (got and loose):
            failed += 1
            if failed < 40:
                print("pydantic", c["tool"], json.dumps(c["value"]), "want", c["want"], "" if got else why[:300])
print(len(m.TOOL_INPUTS), "models")
sys.exit(1 if failed else 0)
`);
  try {
    console.log(execFileSync(python, ["check.py"], { encoding: "utf8" }));
  } catch (e) {
    failed.push((e.stdout ?? "") + (e.stderr ?? e.message));
  }
}
if (failed.length) {
  console.log(failed.length + " failed\n" + failed.slice(0, 60).join("\n"));
  process.exit(1);
}
