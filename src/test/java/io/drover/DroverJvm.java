package io.drover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The JVM of a process of Drover that a test starts: quick to start, and with the classes of this build. */
public final class DroverJvm {

    /** A start fits into the young generation: collecting it, full of what stays, took a third of the CPU time. */
    private static final List<String> HEAP = List.of("-Xms800m", "-Xmx800m", "-Xmn600m");

    /** With C1 alone it is 48 MB, and a start that fills a part of it collects the whole heap. */
    private static final String CODE = "-XX:ReservedCodeCacheSize=240m";

    /** Pages of 2 MB, where the machine has them, and an AOT cache that is mapped as it is: a quarter of a start's CPU time. */
    private static final List<String> MEMORY = List.of(
            "-XX:+UseTransparentHugePages",
            "-Xlog:pagesize=off",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0");

    private DroverJvm() {}

    /**
     * The command up to the main class, to which the caller adds arguments.
     *
     * @param options of the JVM, which count more than those that every process has
     */
    public static List<String> command(Class<?> main, String... options) {
        List<String> command = withoutClasses();
        if (Stream.of(options).noneMatch(option -> option.startsWith("-Xmx"))) {
            command.addAll(HEAP);
        }
        command.addAll(AotCache.options());
        command.addAll(List.of(options));
        command.add(main.getName());
        return command;
    }

    static List<String> withoutClasses() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                CODE,
                "-Dspring.backgroundpreinitializer.ignore=true")); // what it begins early, on a core that is
        // not idle, few need
        command.addAll(MEMORY);
        return command;
    }
}
