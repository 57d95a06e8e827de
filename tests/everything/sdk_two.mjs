// A client on the second generation of the TypeScript SDK: `node sdk_two.mjs JOB`. Lists the tools,
// calls one, makes calls that are refused, and prints what came back. NODE_PATH names the modules.
import { createRequire } from "node:module";

const need = createRequire(`${process.env.NODE_PATH}/`);
const { Client, StreamableHTTPClientTransport } = need("@modelcontextprotocol/client");
const { StdioClientTransport } = need("@modelcontextprotocol/client/stdio");

const job = JSON.parse(process.argv[2]);
const requestInit = { headers: { Authorization: `Bearer ${job.token}` } };
const transports = {
  http: () => new StreamableHTTPClientTransport(new URL(job.url), { requestInit }),
  stdio: () => new StdioClientTransport({ command: job.command, args: job.args, env: job.env }),
};
const mode = job.stateless ? { pin: "2026-07-28" } : "legacy";
const client = new Client({ name: "sdk-two", version: "2" }, { versionNegotiation: { mode } });
await client.connect(transports[job.transport]());
const tools = (await client.listTools()).tools.map((tool) => tool.name);
const called = await client.callTool({ name: job.tool, arguments: job.arguments });
const refused = [];
for (const [name, given] of job.refused) {
  const found = client.callTool({ name, arguments: given });
  const tell = (error) => ({ error: error.message, code: error.code, data: error.data });
  refused.push(await found.catch(tell));
}
console.log(JSON.stringify({ tools, called, refused }));
await client.close();
