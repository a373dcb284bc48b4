; Where a program describes a tool: an object or class with a member that holds the tool's input schema, or a call
; that registers a tool.
;
; fact: tools
; anchors: inputSchema input_schema inputJSONSchema inputSchemaJson input_schema_json parametersJsonSchema parametersSchema parameters
; weak: parameters description
; anchors: tools:
; weak: tools: model
; anchors: tools,
; weak: tools, model
; anchors: instructions: systemInstruction functionDeclarations .tools= ".tools ="
; anchors: registerTool addTool addTools registerFactory bindTools setRequestHandler .tool( tools/list type:"function"
;
; @definition.tool: the object, or the body of the class, that describes a tool
; @key: the name of the member that holds its input schema
; @call.tool: a call that registers a tool
; @call.answer: a call that says how a request is answered
; @asked: a text that names the request for a server's tools
; @request: an object that may be the body of a request to a model, or the options of a call that makes one
; @sent: the name of one of its members
; @method: the name of the method that is called
; @name: what a text says

; {inputSchema: ...}
((object
  (pair
    key: (property_identifier) @key)) @definition.tool
  (#any-of? @key
    $tool.schema))

; {"inputSchema": ...}
((object
  (pair
    key: (string . (string_fragment) @key .))) @definition.tool
  (#any-of? @key
    $tool.schema))

; {inputSchema}
((object
  (shorthand_property_identifier) @key) @definition.tool
  (#any-of? @key
    $tool.schema))

; {inputSchema() {...}}, {get inputSchema() {...}}
((object
  (method_definition
    name: (property_identifier) @key)) @definition.tool
  (#any-of? @key
    $tool.schema))

; class { inputSchema = ... }
((class_body
  (field_definition
    property: (property_identifier) @key)) @definition.tool
  (#any-of? @key
    $tool.schema))

; class { get inputSchema() {...} }
((class_body
  (method_definition
    name: (property_identifier) @key)) @definition.tool
  (#any-of? @key
    $tool.schema))

; server.registerTool(...), server.tool(...)
((call_expression
  function: (member_expression
    property: (property_identifier) @method)) @call.tool
  (#any-of? @method
    $tool.register $tool.give))

; server.setRequestHandler(...), which may answer with the list of tools
((call_expression
  function: (member_expression
    property: (property_identifier) @method)) @call.answer
  (#any-of? @method
    $answer.register))

; case "tools/list": ..., if (method === "tools/list") ..., {"tools/list": handler}
((string . (string_fragment) @name .) @asked
  (#any-of? @name
    $answer.request))

; {messages: ..., tools: ...}: what may be the body of a request to a model, or the options of a call that makes one
((object
  (pair
    key: (property_identifier) @sent)) @request
  (#any-of? @sent $request.messages $request.tools $request.system))

; {messages, tools}
((object
  (shorthand_property_identifier) @sent) @request
  (#any-of? @sent $request.messages $request.tools $request.system))
