; All calls of a registration function, here of registerTool(NAME, DESCRIPTION...) and tool(NAME, ...) of an MCP server.
; Put the name of another function in its place. With --eval, what is registered.
;
; @name: the first argument, under which it is registered
; @what: the second one, what is said of it

((call_expression
  function: (member_expression
    property: (property_identifier) @_f)
  arguments: (arguments . (_) @name . (_) @what))
  (#any-of? @_f "registerTool" "tool"))
