; All that the program fetches: fetch(URL), and globalThis.fetch(URL). With --eval, what the URL is.
;
; @url: the first argument
; @options: the second one, with the method, headers and body

((call_expression
  function: (identifier) @_f
  arguments: (arguments . (_) @url . (_)? @options))
  (#eq? @_f "fetch"))

((call_expression
  function: (member_expression
    object: (identifier) @_o
    property: (property_identifier) @_f)
  arguments: (arguments . (_) @url . (_)? @options))
  (#any-of? @_o "globalThis" "window")
  (#eq? @_f "fetch"))
