// JUnit XML is read as it was meant, and annotations are those of GitHub's own toolkit.
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { parse } from "junit2json";

const findings = JSON.parse(readFileSync("report.json", "utf8")).documents.flatMap((d) => d.findings.map((f) => ({ ...f, document: d })));
const failing = findings.filter((f) => !f.known && f.severity !== "note");

const suites = await parse(readFileSync("lint.xml", "utf8"));
const cases = suites.testsuite.flatMap((s) => s.testcase);
const failed = cases.filter((c) => c.failure);
if (failed.length !== failing.length) throw new Error(`${failed.length} cases failed, want ${failing.length}`);

// The toolkit writes to standard output; what differs is the order of its properties alone.
const calls = failing.map((f) => {
  const p = f.position ?? { file: f.document.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const own = !f.place && f.subject !== "health" && f.rule !== "diagnostic" && f.rule !== "nothing-found";
  const where = { title: "bundlens " + f.rule, file: p.file, startLine: p.line, endLine: p.endLine };
  if (p.line === p.endLine) Object.assign(where, { startColumn: p.column, endColumn: p.endColumn });
  return [f.severity, own ? `${f.subject}: ${f.message}` : f.message, where];
});
const toolkit = execFileSync(process.execPath, ["--input-type=module", "-e", `
  import * as core from "@actions/core";
  for (const [severity, message, where] of ${JSON.stringify(calls)}) core[severity](message, where);
`], { encoding: "utf8" });
const normal = (text) => text.trim().split("\n").map((line) => line.replace(/^::(\w+) (.*?)::/, (_, name, props) => `::${name} ${props.split(",").sort().join(",")}::`));
const want = normal(toolkit), got = normal(readFileSync("github.txt", "utf8"));
for (let i = 0; i < Math.max(want.length, got.length); i++) if (want[i] !== got[i]) throw new Error(`annotation ${i}:\n got ${got[i]}\nwant ${want[i]}`);
console.log(`${failed.length} cases, ${got.length} annotations`);
