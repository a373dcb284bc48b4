; Where a program states what it may do to the machine, and what limits it: profiles and arguments of sandboxes, the
; schemas of settings for permissions, options of the command line, decisions on a request, and lists of paths and hosts.
;
; fact: capabilities
; anchors: permissions: sandbox: permissionMode: permission_mode: defaultMode: approvalMode: approvalPolicy: approval_policy: sandboxMode: sandbox_mode:
; anchors: allowedDomains: deniedDomains: allowedHosts: blockedHosts: denyRead: denyWrite: allowWrite: allowedPaths: deniedPaths:
; anchors: "(deny default" "(allow default" "(version 1)" --ro-bind --unshare- --die-with-parent
; anchors: behavior:"deny" behavior:"ask" "behavior: \"deny\"" "behavior: \"ask\"" decision:"deny" decision:"ask" "decision: \"deny\"" permissionDecision
; anchors: --dangerously --permission --sandbox --allow --disallow --approv --yolo --add-dir "approval-mode" "allowed-tools" "yolo"
; anchors: ".bashrc" ".gitconfig" ".ssh" ".zshrc" "/etc/passwd" "docs.python.org" "developer.mozilla.org"
;
; @setting: a member that may hold the schema of settings, or of a mode
; @key: its name
; @profile: a text that may be a sandbox's profile
; @argument: an argument of a program that makes a sandbox
; @decision: an object that answers whether something may be done
; @option: what an option of the command line is called
; @about: what it is for
; @list: a list that may be of paths or hosts

; {permissions: z.object(...)}
((pair
  key: (property_identifier) @key
  value: [(call_expression) (identifier) (member_expression)]) @setting
  (#any-of? @key
    "permissions" "sandbox" "permissionMode" "permission_mode" "defaultMode" "approvalMode" "approvalPolicy"
    "approval_policy" "sandboxMode" "sandbox_mode" "allowedDomains" "deniedDomains" "allowedHosts" "blockedHosts"
    "denyRead" "denyWrite" "allowWrite" "allowedPaths" "deniedPaths"))

; {sandbox: {type: "boolean", description: "..."}}
((pair
  key: (property_identifier) @key
  value: (object (pair key: (property_identifier) @_type value: (string)))) @setting
  (#any-of? @key "permissions" "sandbox" "permissionMode" "approvalMode" "approvalPolicy" "sandboxMode")
  (#eq? @_type "type"))

; "(version 1) (deny default)"
([(string) (template_string)] @profile
  (#match? @profile "^.\\s*\\((version 1\\)|(deny|allow) default)"))

; "--ro-bind"
((string . (string_fragment) @argument)
  (#match? @argument "^--(ro-bind|unshare-|die-with-parent)"))

; {behavior: "deny", message: "..."}
((object
  (pair
    key: (property_identifier) @_key
    value: (string . (string_fragment) @_answer .))) @decision
  (#any-of? @_key "behavior" "decision" "permissionDecision")
  (#any-of? @_answer "deny" "ask" "block" "reject"))

; option("--sandbox", "...")
((arguments
  .
  (string . (string_fragment) @option)
  .
  [(string) (template_string) (binary_expression)] @about)
  (#match? @option "^(-\\w, *)?--[a-z-]*(dangerously|permission|sandbox|allow|approv|yolo|add-dir|trust)"))

; option("approval-mode", {description: "..."})
((arguments
  .
  (string . (string_fragment) @option)
  .
  (object) @about)
  (#any-of? @option "sandbox" "yolo" "approval-mode" "permission-mode" "allowed-tools" "trusted-folders"))

; [".gitconfig", ".bashrc", ".ssh"]
((array . (string . (string_fragment) @_first)) @list
  (#match? @_first "^([~/.]|([a-z0-9*-]+\\.)+[a-z]{2,}(/|$))"))
