; Where a program puts text that its model reads: members of a request's body, blocks of messages, members that hold
; a prompt, and texts with a tag for the model. What flows into these places is found from there.
;
; fact: prompts
; anchors: role:"user" "role: \"user\"" role:"system" "role: \"system\"" role:"developer" "role: \"developer\""
; anchors: type:"text" "type: \"text\"" type:"tool_result" "type: \"tool_result\""
; anchors: system: systemInstruction instructions: .system= ".system =" .instructions= system-reminder>
; anchors: system,
; weak: system, messages
; anchors: instructions,
; weak: instructions, model
; anchors: systemPrompt userPrompt whenToUse getSystemPrompt keepCodingInstructions criticalSystemReminder getPromptForCommand
; anchors: additionalContext isMeta: promptSnippet promptGuidelines
;
; @member: a member of an object that may be read by the model
; @key: its name
; @assigned: what gives a member of an object that is there already its value
; @text: a text with a tag
; @request: an object that may be the body of a request to a model, or the options of a call that makes one
; @sent: the name of one of its members

; {content: ...}
((pair
  key: (property_identifier) @key) @member
  (#any-of? @key
    "system" "content" "text" "prompt" "description" $text.system $text.tool $text.server $text.message $text.whenToUse $text.agent $text.context))

; {"content": ...}
((pair
  key: (string . (string_fragment) @key .)) @member
  (#any-of? @key
    "system" "content" "text" "prompt" "description" $text.system $text.tool $text.server $text.message $text.whenToUse $text.agent $text.context))

; {content}
((shorthand_property_identifier) @key @member
  (#any-of? @key
    "system" "content" "text" "prompt" "description" $text.system $text.tool $text.server $text.message $text.whenToUse $text.agent $text.context))

; {getSystemPrompt() {...}, get content() {...}}
((method_definition
  name: (property_identifier) @key) @member
  (#any-of? @key
    "system" "content" "text" "prompt" "description" $text.system $text.tool $text.server $text.message $text.whenToUse $text.agent $text.context))

; object.systemPrompt = ...
((assignment_expression
  left: (member_expression
    property: (property_identifier) @key)) @assigned
  (#any-of? @key $text.system))

; `<system-reminder>...`
((template_string) @text
  (#match? @text "</?system-reminder>"))

((string) @text
  (#match? @text "</?system-reminder>"))

; {messages: ..., system: ...}: what may be the body of a request to a model, or the options of a call that makes one
((object
  (pair
    key: (property_identifier) @sent)) @request
  (#any-of? @sent $request.messages $request.tools $request.system))

; {messages, system}
((object
  (shorthand_property_identifier) @sent) @request
  (#any-of? @sent $request.messages $request.tools $request.system))
