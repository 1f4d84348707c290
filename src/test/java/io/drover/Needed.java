package io.drover;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * The programs that come neither with Maven nor with npm. A test that needs one is skipped where it is missing; {@link SkippedTests} says at
 * the end of the build which test that was, and what brings the program.
 */
public enum Needed {
    ALERTMANAGER("prometheus-alertmanager", "prometheus-alertmanager"),
    AMTOOL("amtool", "prometheus-alertmanager"),
    BUILDAH("buildah", "buildah"),
    CURL("curl", "curl"),
    CHROMIUM("chromium", "chromium"),
    DEBOOTSTRAP("debootstrap", "debootstrap"),
    GIT("git", "git"),
    KUBECTL("kubectl", null),
    MVN("mvn", "maven"),
    NODE("node", "nodejs"),
    NPM("npm", "npm"),
    PG_DUMP("pg_dump", "postgresql-client"),
    PG_RESTORE("pg_restore", "postgresql-client"),
    PODMAN("podman", "podman"),
    PROMETHEUS("prometheus", "prometheus"),
    PROMTOOL("promtool", "prometheus"),
    REDIS("redis-server", "redis-server"),
    RUNC("runc", "runc");

    /** What the reason of each of these skips begins with. */
    static final String NEEDS = "needs ";

    private final String program;
    private final String debianPackage;

    Needed(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /** Skips the test, and says why, where one of them is missing. */
    public static void orSkip(Needed... all) {
        for (Needed one : all) {
            if (one.path() == null) {
                skip(one.reason());
            }
        }
    }

    /** Skips the test because of something that this machine lacks. */
    public static void skip(String what) {
        throw new TestAbortedException(NEEDS + what);
    }

    /** Where it is, or null. */
    Path path() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    String reason() {
        return debianPackage == null
                ? program + " (no Debian package is new enough; .ci/run brings it)"
                : "%s (Debian package %s)".formatted(program, debianPackage);
    }
}
