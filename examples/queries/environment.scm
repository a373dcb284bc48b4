; All reads of environment variables: process.env.NAME, process.env["NAME"], and let {NAME} = process.env.
;
; @name: the name of the variable, or the expression that gives it

((member_expression
  object: (member_expression
    object: (identifier) @_p
    property: (property_identifier) @_env)
  property: (property_identifier) @name)
  (#eq? @_p "process")
  (#eq? @_env "env"))

((subscript_expression
  object: (member_expression
    object: (identifier) @_p
    property: (property_identifier) @_env)
  index: (_) @name)
  (#eq? @_p "process")
  (#eq? @_env "env"))

((variable_declarator
  name: (object_pattern
    [(shorthand_property_identifier_pattern) @name
     (pair_pattern key: (property_identifier) @name)])
  value: (member_expression
    object: (identifier) @_p
    property: (property_identifier) @_env))
  (#eq? @_p "process")
  (#eq? @_env "env"))
