package io.drover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM of a process of Drover that a test starts: small, quick to start, and with the classes of this build. */
public final class DroverJvm {

    private DroverJvm() {}

    /**
     * The command up to the main class, to which the caller adds arguments.
     *
     * @param options of the JVM, which count more than those that every process has
     */
    public static List<String> command(Class<?> main, String... options) {
        List<String> command = withoutClasses();
        command.addAll(AotCache.options());
        command.addAll(List.of(options));
        command.add(main.getName());
        return command;
    }

    static List<String> withoutClasses() {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dspring.backgroundpreinitializer.ignore=true")); // what it begins early, on a core that is
        // not idle, few need
    }
}
