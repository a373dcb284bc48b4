package deploy

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// kinds are the API's own types of the objects in the manifest.
var kinds = map[string]func() any{
	"v1 Namespace":                       func() any { return new(corev1.Namespace) },
	"apps/v1 Deployment":                 func() any { return new(appsv1.Deployment) },
	"policy/v1 PodDisruptionBudget":      func() any { return new(policyv1.PodDisruptionBudget) },
	"networking.k8s.io/v1 NetworkPolicy": func() any { return new(networkingv1.NetworkPolicy) },
}

// TestManifest decodes each object of the manifest into the API's own type, and refuses fields that it does not know.
func TestManifest(t *testing.T) {
	text, err := os.ReadFile("kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, part := range bytes.Split(text, []byte("\n---\n")) {
		var meta metav1.TypeMeta
		if err := yaml.Unmarshal(part, &meta); err != nil {
			t.Fatal(err)
		}
		make := kinds[meta.APIVersion+" "+meta.Kind]
		if make == nil {
			t.Errorf("%s %s is of no known type", meta.APIVersion, meta.Kind)
			continue
		}
		object := make()
		if err := yaml.UnmarshalStrict(part, object); err != nil {
			t.Errorf("%s: %v", meta.Kind, err)
		}
		if d, ok := object.(*appsv1.Deployment); ok {
			checkDeployment(t, d)
		}
		seen++
	}
	if seen != len(kinds) {
		t.Errorf("%d objects", seen)
	}
}

// checkDeployment looks for what the types can't say: that names within the manifest fit together.
func checkDeployment(t *testing.T, d *appsv1.Deployment) {
	t.Helper()
	for key, value := range d.Spec.Selector.MatchLabels {
		if d.Spec.Template.Labels[key] != value {
			t.Errorf("the selector asks for %s=%s, which its pods don't have", key, value)
		}
	}
	volumes := map[string]bool{}
	for _, v := range d.Spec.Template.Spec.Volumes {
		volumes[v.Name] = true
	}
	for _, c := range d.Spec.Template.Spec.Containers {
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] {
				t.Errorf("%s mounts %s, which is no volume", c.Name, m.Name)
			}
		}
	}
}

// TestUnit has systemd itself check the unit, where it is here.
func TestUnit(t *testing.T) {
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here")
	}
	text, err := os.ReadFile("bundlens-worker.service")
	if err != nil {
		t.Fatal(err)
	}
	// It looks for the program, too.
	text = bytes.ReplaceAll(text, []byte("/usr/bin/bundlens"), []byte("/bin/true"))
	unit := filepath.Join(t.TempDir(), "bundlens-worker.service")
	if err := os.WriteFile(unit, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(verify, "verify", "--man=no", unit).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "bundlens-worker.service") {
			t.Error(line)
		}
	}
	if err != nil {
		t.Logf("%v\n%s", err, out)
	}
}
