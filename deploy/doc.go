// Package deploy holds how workers of a fleet are run: README.md says it. Its test checks the unit and the manifest, and is
// a module of its own, so that nobody who builds bundlens needs the API of Kubernetes.
package deploy
