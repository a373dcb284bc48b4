; Where a program describes a command that its user may type: an object with a prompt that the command sends, or of a
; kind that commands have.
;
; fact: commands
; anchors: getPromptForCommand type:"local "type: \"local" type:"prompt" "type: \"prompt\"" altNames: autoExecute:
;
; @definition.command: an object that may describe a command

((object
  (pair
    key: (property_identifier) @_key)) @definition.command
  (#any-of? @_key $text.command))

((object
  (method_definition
    name: (property_identifier) @_key)) @definition.command
  (#any-of? @_key $text.command))

((object
  (pair
    key: (property_identifier) @_type
    value: (string . (string_fragment) @_kind .))) @definition.command
  (#eq? @_type "type")
  (#any-of? @_kind "prompt" "local" "local-jsx"))

; {name: "...", altNames: ["..."], action() {...}}
((object
  (pair
    key: (property_identifier) @_key)) @definition.command
  (#any-of? @_key "altNames" "autoExecute"))
