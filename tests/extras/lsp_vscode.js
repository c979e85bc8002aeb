// A session of VS Code's own protocol library (vscode-languageserver-protocol) with `trama lsp`:
//     NODE_PATH=… node lsp_vscode.js TRAMA MAPPING        the mapping has a column Id and a column Day
const assert = require("assert");
const { spawn } = require("child_process");
const { readFileSync } = require("fs");
const { pathToFileURL } = require("url");
const rpc = require("vscode-languageserver-protocol/node");

async function main(trama, mapping) {
  const server = spawn(trama, ["lsp"]);
  const connection = rpc.createProtocolConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));
  const published = [];
  let tell = null;
  connection.onNotification(rpc.PublishDiagnosticsNotification.type, (params) => (tell ? tell(params) : published.push(params)));
  const next = () => (published.length ? Promise.resolve(published.shift()) : new Promise((done) => { tell = (p) => { tell = null; done(p); }; }));
  connection.onRequest(rpc.RegistrationRequest.type, () => null);
  connection.listen();
  const begun = await connection.sendRequest(rpc.InitializeRequest.type, {
    processId: process.pid, rootUri: null, locale: "es-CO",
    capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } }, textDocument: { hover: { contentFormat: ["markdown", "plaintext"] } } },
  });
  assert.strictEqual(begun.capabilities.textDocumentSync.change, rpc.TextDocumentSyncKind.Incremental);
  await connection.sendNotification(rpc.InitializedNotification.type, {});
  const uri = pathToFileURL(mapping).href;
  const text = readFileSync(mapping, "utf8");
  await connection.sendNotification(rpc.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: "yaml", version: 1, text } });
  assert.deepStrictEqual((await next()).diagnostics, []);
  const line = text.split("\n").findIndex((one) => one.startsWith("  Day:"));
  const column = text.split("\n")[line].indexOf("date");
  await connection.sendNotification(rpc.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: { line, character: column }, end: { line, character: column + 4 } }, text: "dates" }],
  });
  const told = (await next()).diagnostics;
  assert.strictEqual(told.length, 1);
  assert.strictEqual(told[0].code, "VALUE_WRONG");
  assert.match(told[0].message, /no es un valor/);
  const hover = await connection.sendRequest(rpc.HoverRequest.type, { textDocument: { uri }, position: { line, character: 3 } });
  assert.match(hover.contents.value, /\*\*Day\*\*/);
  await assert.rejects(connection.sendRequest(rpc.RenameRequest.type, { textDocument: { uri }, position: { line, character: 3 }, newName: "Id" }),
    (error) => error instanceof rpc.ResponseError && error.code === rpc.LSPErrorCodes.RequestFailed);
  await connection.sendRequest(rpc.ShutdownRequest.type);
  const ended = new Promise((done) => server.on("exit", done));
  await connection.sendNotification(rpc.ExitNotification.type);
  assert.strictEqual(await ended, 0);
}

main(process.argv[2], process.argv[3]).then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
