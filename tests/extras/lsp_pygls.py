"""A session of pygls' client with `trama lsp`, whose answers it parses into the types of lsprotocol: lsp_pygls.py TRAMA MAPPING.

Run by run_extras. The mapping has a column Id and a column Day."""

import asyncio
import pathlib
import sys

from lsprotocol import types
from pygls.lsp.client import LanguageClient


async def main(trama, mapping):
    client = LanguageClient("extras", "1")
    published = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _(params):
        published.put_nowait(params)

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def _(_params):
        return None

    await client.start_io(trama, "lsp")
    watched = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    begun = await client.initialize_async(types.InitializeParams(
        capabilities=types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watched)), locale="en"))
    assert begun.capabilities.position_encoding == types.PositionEncodingKind.Utf16, begun
    client.initialized(types.InitializedParams())
    text, uri = mapping.read_text(encoding="utf-8"), mapping.as_uri()
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, text)))
    told = await asyncio.wait_for(published.get(), 20)
    assert told.version == 1 and not told.diagnostics, told
    line = text.split("\n").index(next(one for one in text.split("\n") if one.startswith("  Day:")))
    column = text.split("\n")[line].index("date")
    client.text_document_did_change(types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(2, uri), [
        types.TextDocumentContentChangePartial(types.Range(types.Position(line, column), types.Position(line, column + 4)), "dates")]))
    told = await asyncio.wait_for(published.get(), 20)
    assert [(one.code, one.severity, one.range.start) for one in told.diagnostics] == [
        ("VALUE_WRONG", types.DiagnosticSeverity.Error, types.Position(line, column))], told
    client.text_document_did_change(types.DidChangeTextDocumentParams(
        types.VersionedTextDocumentIdentifier(3, uri), [types.TextDocumentContentChangeWholeDocument(text)]))
    assert not (await asyncio.wait_for(published.get(), 20)).diagnostics
    document, day = types.TextDocumentIdentifier(uri), types.Position(line, 3)
    items = await client.text_document_completion_async(types.CompletionParams(document, types.Position(line, column)))
    assert "decimal" in [one.label for one in items.items], items
    hover = await client.text_document_hover_async(types.HoverParams(document, day))
    assert hover.contents.kind == types.MarkupKind.Markdown and "**Day** (date)" in hover.contents.value, hover
    place = await client.text_document_definition_async(types.DefinitionParams(document, day))
    assert place.range.start == types.Position(line, 2), place
    ready = await client.text_document_prepare_rename_async(types.PrepareRenameParams(document, day))
    assert ready.placeholder == "Day", ready
    edit = await client.text_document_rename_async(types.RenameParams(document, day, "Día"))
    assert [one.new_text for one in edit.changes[uri]] == ["Día"], edit
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert "columns" in [one.name for one in symbols], symbols
    edits = await client.text_document_formatting_async(types.DocumentFormattingParams(document, types.FormattingOptions(2, True)))
    assert len(edits) == 1, edits
    await client.shutdown_async(None)
    client.exit(None)
    await asyncio.sleep(0.5)
    await client.stop()


asyncio.run(main(sys.argv[1], pathlib.Path(sys.argv[2])))
