// The vendors' own types take the lists of tools.
import { tools as anthropic } from "./anthropic.js";
import { tools as chat } from "./openai.js";
import { tools as responses } from "./openai-responses.js";

const names = [...anthropic.map((t) => t.name), ...chat.map((t) => (t.type === "function" ? t.function.name : "")), ...responses.map((t) => t.name)];
console.log(names.length);
