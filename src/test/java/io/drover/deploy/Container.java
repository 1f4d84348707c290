package io.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Needed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A container of the image that the Dockerfile builds, by buildah and podman: neither needs a daemon. */
final class Container implements AutoCloseable {

    private static final Path DIRECTORY = Path.of("target", "image").toAbsolutePath();
    private static final Path SCRIPTS = Path.of("src/test/image").toAbsolutePath();
    private static final String IMAGE = "localhost/drover:test";
    private static final String AGAIN = "localhost/drover:again";
    private static final String TRAINING = "localhost/training:test";

    private final String id;

    private Container(String id) {
        this.id = id;
    }

    /** Skips the test, and says what is missing, where an image cannot be built. */
    static void assumePossible() {
        Needed.orSkip(Needed.BUILDAH, Needed.PODMAN, Needed.RUNC, Needed.DEBOOTSTRAP);
        if (!"root".equals(System.getProperty("user.name"))) {
            Needed.skip("root, who builds the image");
        }
        configure();
        Outcome probe = execute("buildah", "from", "scratch");
        if (probe.code != 0) {
            Needed.skip("a machine that can keep container images: " + probe.errors.replaceAll("\\s+", " "));
        }
    }

    private static void configure() {
        try {
            Files.createDirectories(DIRECTORY);
            Files.writeString(
                    DIRECTORY.resolve("storage.conf"),
                    "[storage]\ndriver = \"overlay\"\ngraphroot = \"%s\"\nrunroot = \"%s\"\n"
                            .formatted(DIRECTORY.resolve("storage"), DIRECTORY.resolve("run")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Builds the image from what is in the checkout, on stand-ins for its bases. */
    static void build() {
        run(
                SCRIPTS.resolve("bases").toString(),
                DIRECTORY.resolve("bases").toString(),
                System.getProperty("java.home"));
        build(TRAINING, "--target=training");
        build(IMAGE, "--skip-unused-stages=false"); // buildah does not see that AOT_IMAGE names a stage
    }

    /** Builds the image a second time, out of nothing that the first build made but its AOT cache. */
    static void buildAgain() {
        build(AGAIN, "--no-cache", "--build-arg=AOT_IMAGE=" + TRAINING);
    }

    private static void build(String name, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "buildah",
                "build",
                "--pull-never",
                "--isolation=chroot",
                "--format=docker",
                "--layers",
                "--timestamp=1700000000",
                "--network=host",
                "--volume=%s/.m2:/root/.m2".formatted(System.getProperty("user.home")),
                "--build-arg=BUILD_IMAGE=localhost/build",
                "--build-arg=BUILD_TAG=test",
                "--build-arg=RUNTIME_IMAGE=localhost/runtime",
                "--build-arg=RUNTIME_TAG=test",
                "--build-arg=VERSION=9.9",
                "--tag=" + name));
        words.addAll(Arrays.asList(options));
        words.add(".");
        run(words.toArray(String[]::new));
    }

    /** Removes the images and what they took. */
    static void removeAll() {
        run("buildah", "rmi", "--all", "--force");
    }

    /** The files of the image. */
    static Path files() {
        String container = run("buildah", "from", "--pull-never", IMAGE).strip();
        return Path.of(run("buildah", "mount", container).strip());
    }

    /** What the image says of itself, as JSON. */
    static String configuration() {
        return run("podman", "image", "inspect", "--format={{json .Config}}", IMAGE);
    }

    /** The digests of the layers of both builds. */
    static List<String> layers() {
        return Stream.of(IMAGE, AGAIN)
                .map(image -> run("podman", "image", "inspect", "--format={{json .RootFS.Layers}}", image))
                .toList();
    }

    /** Starts one as a strict cluster would: read-only, another user, no capabilities, the limits of the deployment. */
    static Container start(String... options) {
        List<String> words = new ArrayList<>(List.of(
                "podman",
                "run",
                "--detach",
                "--network=host",
                "--no-healthcheck",
                "--read-only",
                "--tmpfs=/tmp:rw,exec,size=256m",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--memory=1g",
                "--cpus=1",
                "--user=12345:0"));
        words.addAll(Arrays.asList(options));
        words.add(IMAGE);
        return new Container(
                run(words.toArray(String[]::new)).lines().toList().getLast().strip());
    }

    /** SIGTERM, then waits for its end, as Kubernetes does. @return its exit code */
    int stop() {
        run("podman", "stop", "--time=60", id);
        return Integer.parseInt(
                run("podman", "inspect", "--format={{.State.ExitCode}}", id).strip());
    }

    boolean isRunning() {
        return run("podman", "inspect", "--format={{.State.Running}}", id)
                .strip()
                .equals("true");
    }

    String log() {
        return run("podman", "logs", id);
    }

    @Override
    public void close() {
        run("podman", "rm", "--force", id);
    }

    private static String run(String... command) {
        Outcome outcome = execute(command);
        assertThat(outcome.code)
                .as("%s%n%s%n%s", String.join(" ", command), outcome.output, outcome.errors)
                .isZero();
        return outcome.output;
    }

    private record Outcome(int code, String output, String errors) {}

    private static Outcome execute(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment()
                    .put("CONTAINERS_CONF", SCRIPTS.resolve("containers.conf").toString());
            builder.environment()
                    .put(
                            "CONTAINERS_STORAGE_CONF",
                            DIRECTORY.resolve("storage.conf").toString());
            Path errors = DIRECTORY.resolve("errors.txt");
            Process process = builder.redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output, Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
