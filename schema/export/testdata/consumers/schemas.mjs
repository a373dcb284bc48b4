// Ajv compiles the JSON Schema of every tool of which the program's own is valid, and the vendors' names are valid.
import { readFileSync, readdirSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const load = (file) => JSON.parse(readFileSync(file, "utf8"));
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
let compiled = 0;
const failed = [];
const ids = new Set();
for (const file of readdirSync("schemas")) {
  const schema = load("schemas/" + file);
  if (ids.has(schema.$id)) failed.push(file + ": the $id is not unique: " + schema.$id);
  ids.add(schema.$id);
  if (typeof schema.title !== "string") failed.push(file + ": no title");
  try {
    ajv.compile(schema);
    compiled++;
  } catch (e) {
    if (!["Invalid", "Dangling", "Patterns", "Enums", "OtherId", "Tuples", "ByPlace", "Bounds", "Circle"].includes(schema.title)) failed.push(file + ": " + e.message);
  }
}
for (const [file, most, pick] of [["anthropic", 128, (t) => t], ["openai", 64, (t) => t.function], ["openai-responses", 64, (t) => t]]) {
  const seen = new Set();
  for (const t of load(file + ".json").map(pick)) {
    if (!new RegExp(`^[a-zA-Z0-9_-]{1,${most}}$`).test(t.name)) failed.push(`${file}: name ${JSON.stringify(t.name)}`);
    if (seen.has(t.name)) failed.push(`${file}: twice ${t.name}`);
    seen.add(t.name);
    if ((t.input_schema ?? t.parameters).type !== "object") failed.push(`${file}: ${t.name} takes no object`);
  }
}
if (failed.length) {
  console.log(failed.join("\n"));
  process.exit(1);
}
console.log(compiled + " schemas compiled");
