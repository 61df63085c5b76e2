package main

import (
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// composeFile is what the tests hold of infra/compose.yaml.
type composeFile struct {
	Services map[string]composeService
	Networks map[string]struct{ Internal bool }
	Volumes  map[string]any
}

type composeService struct {
	Image       string
	Build       struct{ Context, Dockerfile string }
	Command     any // a list, or a line
	Environment map[string]string
	Ports       []string
	Volumes     []string
	Networks    []string
	Healthcheck struct{ Test []string }
}

// ours reports whether a service is this program.
func (s composeService) ours() bool { return s.Build.Dockerfile == "infra/Dockerfile" }

func composed(t *testing.T) composeFile {
	t.Helper()
	var file composeFile
	if err := yaml.Unmarshal([]byte(readFile(t, "../../infra/compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	if !file.Services["server"].ours() || !file.Services["migrate"].ours() {
		t.Fatalf("server and migrate are to be built from infra/Dockerfile: %+v", file.Services)
	}
	return file
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// dockerfile is infra/Dockerfile; a line that is continued is one line.
func dockerfile(t *testing.T) string {
	t.Helper()
	return strings.ReplaceAll(readFile(t, "../../infra/Dockerfile"), "\\\n", " ")
}

// imageEnvironment is what the image itself sets.
func imageEnvironment(t *testing.T) map[string]string {
	t.Helper()
	environment := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^ENV (.*)$`).FindAllStringSubmatch(dockerfile(t), -1) {
		for _, setting := range strings.Fields(line[1]) {
			name, value, _ := strings.Cut(setting, "=")
			environment[name] = value
		}
	}
	return environment
}

// A setting that the program does not know would change nothing, and say nothing.
func TestTheContainersSetOnlyWhatTheProgramKnows(t *testing.T) {
	known := settings(reflect.TypeFor[Serve]())
	check := func(where string, environment map[string]string) {
		for name := range environment {
			if !known[name] && !strings.HasPrefix(name, "AWS_") {
				t.Errorf("%s sets %s, which the program does not know", where, name)
			}
		}
	}
	check("the image", imageEnvironment(t))
	for name, service := range composed(t).Services {
		if service.ours() {
			check(name, service.Environment)
		}
	}
}

func TestTheContainersNameEachOther(t *testing.T) {
	file := composed(t)
	for name, service := range file.Services {
		for setting, value := range service.Environment {
			at, err := url.Parse(value)
			if err != nil || at.Host == "" {
				continue
			}
			other, ok := file.Services[at.Hostname()]
			if !ok || !slices.ContainsFunc(service.Networks, func(n string) bool { return slices.Contains(other.Networks, n) }) {
				t.Errorf("%s cannot reach its %s %s", name, setting, value)
			}
		}
	}
}

// In local mode whoever reaches the server is any user; and nobody needs to reach the rest.
func TestOnlyTheServerIsPublishedAndOnTheLoopbackOnly(t *testing.T) {
	file := composed(t)
	for name, service := range file.Services {
		if name == "server" {
			if len(service.Ports) != 1 || service.Ports[0] != "127.0.0.1:3000:3000" {
				t.Errorf("server publishes %q", service.Ports)
			}
			continue
		}
		if len(service.Ports) > 0 {
			t.Errorf("%s publishes %q", name, service.Ports)
		}
		for _, network := range service.Networks {
			if !file.Networks[network].Internal {
				t.Errorf("%s is in the network %s, which is not internal", name, network)
			}
		}
		if len(service.Networks) == 0 {
			t.Errorf("%s is in the default network", name)
		}
	}
}

// A volume that is new has the owner of the directory in the image.
func TestTheServersVolumeIsItsDataDirectory(t *testing.T) {
	dir := imageEnvironment(t)["DATA_DIR"]
	owned := regexp.MustCompile(`(?m)^COPY .*--chown=65532:65532 \S+ ` + regexp.QuoteMeta(dir) + `$`)
	if dir == "" || !owned.MatchString(dockerfile(t)) || !strings.Contains(dockerfile(t), "\nUSER 65532:65532\n") {
		t.Errorf("the image's user does not own its DATA_DIR %q", dir)
	}
	file := composed(t)
	if volumes := file.Services["server"].Volumes; len(volumes) != 1 || !strings.HasSuffix(volumes[0], ":"+dir) {
		t.Errorf("the server's volumes are %q, want one at %s", volumes, dir)
	}
	for name, service := range file.Services {
		for _, mount := range service.Volumes {
			volume, _, _ := strings.Cut(mount, ":")
			if _, ok := file.Volumes[volume]; !ok {
				t.Errorf("%s mounts %s, which is no volume", name, mount)
			}
		}
	}
}

func TestImagesHaveVersions(t *testing.T) {
	var images []string
	for _, service := range composed(t).Services {
		if !service.ours() {
			images = append(images, service.Image)
		}
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (?:--\S+ )*(\S+)`).FindAllStringSubmatch(dockerfile(t), -1) {
		images = append(images, from[1])
	}
	// Distroless has no versions: its images are of a release of Debian.
	pinned := regexp.MustCompile(`^([\w./-]+:\d+\.\d+[\w.-]*|gcr\.io/distroless/\w+-debian\d+:nonroot)$`)
	for _, image := range images {
		if !pinned.MatchString(image) {
			t.Errorf("image %s has no version", image)
		}
	}
	all := strings.Join(images, " ")
	goes := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readFile(t, "../../go.mod"))
	local := regexp.MustCompile(`DynamoDBLocal</artifactId>\s*<version>([^<]+)`).FindStringSubmatch(readFile(t, "../../infra/dynamodb-local/pom.xml"))
	for _, want := range []string{"golang:" + goes[1], "amazon/dynamodb-local:" + local[1]} {
		if !strings.Contains(all, want) {
			t.Errorf("%s, which the tests use, is not among the images %s", want, all)
		}
	}
}
