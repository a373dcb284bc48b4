; What a program asks its surroundings for: environment variables, and feature flags by a key and a fallback.
;
; fact: environment
; anchors: process.env Bun.env import.meta.env Deno.env
; anchors: "\",!1)" "\",!0)" "\",false)" "\",true)" "\", false)" "\", true)" "\",null)" "\", null)"
;
; @read: a member of the environment
; @name: the variable's name
; @key: a name for it
; @pattern: a pattern that takes variables out of the environment
; @ask: a call with a key and a constant
; @callee: the function that is called

; process.env.NAME
((member_expression
  object: (member_expression
    property: (property_identifier) @_env)
  property: (property_identifier) @name) @read
  (#eq? @_env "env"))

; process.env["NAME"]
((subscript_expression
  object: (member_expression
    property: (property_identifier) @_env)
  index: (string . (string_fragment) @name .)) @read
  (#eq? @_env "env"))

; process.env[KEY], where KEY is a constant: a minifier may or may not write it in its place
((subscript_expression
  object: (member_expression
    property: (property_identifier) @_env)
  index: (identifier) @key) @read
  (#eq? @_env "env"))

; const {NAME = "default"} = process.env
((variable_declarator
  name: (object_pattern)
  value: (member_expression
    property: (property_identifier) @_env)) @pattern
  (#eq? @_env "env"))

; flag("key", false)
(call_expression
  function: (identifier) @callee
  arguments: (arguments
    .
    (string)
    .
    [(true) (false) (null) (number) (string) (unary_expression)]
    .)) @ask
