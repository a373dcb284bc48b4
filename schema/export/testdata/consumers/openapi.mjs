// Two validators take the description for OpenAPI 3.1.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { createConfig, lintFromString } from "@redocly/openapi-core";

// A property may be named $ref, which the validators' resolvers take for a reference, and a definition by the empty
// name, at which one of them stops short.
const source = readFileSync("openapi.json", "utf8").replaceAll(/"\$ref": \{/g, '"ref": {').replaceAll('/$ref"', '/ref"').replaceAll('/$defs/"', '/$defs/plain"');
const result = await new Validator().validate(JSON.parse(source));
if (!result.valid) {
  console.log(JSON.stringify(result.errors, null, 1).slice(0, 4000));
  process.exit(1);
}
const config = await createConfig({ rules: { struct: "error", "no-unresolved-refs": "error", "operation-operationId-unique": "error", "path-parameters-defined": "error" } });
const problems = (await lintFromString({ source, absoluteRef: "openapi.json", config })).filter((p) => p.severity === "error");
for (const p of problems.slice(0, 20)) console.log(p.ruleId, p.message, p.location[0].pointer);
console.log(Object.keys(JSON.parse(source).paths).length + " operations");
process.exit(problems.length ? 1 : 0);
