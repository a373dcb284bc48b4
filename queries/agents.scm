; Where a program describes a sub-agent: an object that says when to use it, or that holds a prompt of its own.
;
; fact: agents
; anchors: whenToUse getSystemPrompt agentType systemPrompt:
;
; @definition.agent: an object that may describe a sub-agent
; @key: the member that tells

((object
  (pair
    key: (property_identifier) @key)) @definition.agent
  (#any-of? @key
    $mark.agent $text.whenToUse))

; {name: "...", promptConfig: {systemPrompt: "..."}}
((object
  (pair
    value: (object
      (pair
        key: (property_identifier) @key)))) @definition.agent
  (#any-of? @key $text.system))
