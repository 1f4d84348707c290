package io.drover.crash;

import io.drover.ForkDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Halves the start of the many processes that these tests start and kill: their classes as the JDK's ahead-of-time cache (JEP 514, JDK
 * 25) has them after one training run. It only takes classes from jars, so the two directories of this build are packed into some.
 */
public final class AotCache {

    private static final Path DIRECTORY = ForkDirectory.of("crash").toAbsolutePath();
    private static final Path CACHE = DIRECTORY.resolve("worker.aot");
    private static final boolean POSSIBLE = Runtime.version().feature() >= 25;

    /** A cache that cannot be mapped only costs time; what a process prints is what its test looks at. */
    private static final String QUIET = "-Xlog:aot*=off,cds*=off";

    private static String classPath;

    private AotCache() {}

    /** The options of a process that can be trained, or start from the cache. */
    static synchronized List<String> options(boolean training) {
        if (!POSSIBLE) {
            return List.of("-cp", System.getProperty("java.class.path"));
        }
        if (classPath == null) {
            classPath = Stream.of(System.getProperty("java.class.path").split(":"))
                    .map(Path::of)
                    .map(entry -> Files.isDirectory(entry) ? pack(entry) : entry)
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        }
        return training
                ? List.of("-XX:AOTCacheOutput=" + CACHE, "-cp", classPath)
                : List.of("-XX:AOTCache=" + CACHE, QUIET, "-cp", classPath);
    }

    /** The options of a process that starts from the cache, if a test before has trained it. */
    public static synchronized List<String> optionsIfTrained() {
        return isMissing() ? List.of("-cp", System.getProperty("java.class.path")) : options(false);
    }

    /** Whether a training run is due. */
    static synchronized boolean isMissing() {
        return POSSIBLE && classPath == null;
    }

    private static Path pack(Path directory) {
        Path jar = DIRECTORY.resolve(directory.getFileName() + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> paths = Files.walk(directory)) {
            List<Path> sorted = new ArrayList<>(paths.sorted().toList());
            sorted.remove(directory);
            for (Path path : sorted) {
                String name = directory.relativize(path).toString();
                out.putNextEntry(new JarEntry(Files.isDirectory(path) ? name + "/" : name));
                if (!Files.isDirectory(path)) {
                    Files.copy(path, out);
                }
                out.closeEntry();
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
