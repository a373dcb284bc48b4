// Package web holds the built form of the page that bundlens view shows: one script, one style sheet, and the licences
// of what was bundled into them. The sources are in src, in TypeScript; go generate bundles them with esbuild, for
// which what package-lock.json names has to be installed first, with npm ci. The built form is committed, so that
// building the command needs no Node.
package web

import _ "embed"

//go:generate go run ./build

var (
	// Script is the page's only script.
	//go:embed dist/view.js
	Script string
	// Style is the page's only style sheet.
	//go:embed dist/view.css
	Style string
	// Notices are the licences of third parties' work in the page, as text.
	//go:embed dist/NOTICES.txt
	Notices string
)
