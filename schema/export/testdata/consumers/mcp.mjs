// The client of the protocol's SDK lists the tools of a server that answers with the file.
import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const answer = JSON.parse(readFileSync("mcp.json", "utf8"));
const server = new Server({ name: "s", version: "1" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, async () => answer);
const client = new Client({ name: "c", version: "1" });
const [a, b] = InMemoryTransport.createLinkedPair();
await Promise.all([server.connect(a), client.connect(b)]);
const { tools } = await client.listTools();
if (tools.length !== answer.tools.length) throw new Error(`${tools.length} of ${answer.tools.length} tools`);
const lossy = tools.find((t) => t.name === "Lossy");
if (lossy && lossy._meta["bundlens/complete"] !== false) throw new Error("a loss is not told");
console.log(tools.length + " tools listed");
await client.close();
