package io.drover;

import io.drover.local.Servers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * Halves the start of the many processes that the tests start and kill: it has their classes as the JDK's
 * ahead-of-time cache (JEP 514, JDK 25), after one training run.
 * All JVMs that share the tests use the same cache, and so do later runs on the same classes.
 * It only takes classes from jars, so the two directories of this build are packed into some.
 */
final class AotCache {

    private static final Path CACHES = Path.of("target", "aot").toAbsolutePath();
    private static final boolean POSSIBLE = Runtime.version().feature() >= 25;

    /** A cache that cannot be mapped only costs time; what a process prints is what its test looks at. */
    private static final String QUIET = "-Xlog:aot*=off,cds*=off";

    private static List<String> options = List.of();

    private AotCache() {}

    /**
     * The options of a process that starts from the cache, which the first makes.
     * Others wait meanwhile: a start without it takes twice the CPU time, which making it needs, too.
     */
    static synchronized List<String> options() {
        if (POSSIBLE && options.isEmpty()) {
            try {
                options = cached();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return options.isEmpty() ? List.of("-cp", System.getProperty("java.class.path")) : options;
    }

    private static List<String> cached() throws IOException {
        Path directory = CACHES.resolve(nameOfBuild());
        Path cache = directory.resolve("drover.aot");
        Files.createDirectories(CACHES);
        try (RandomAccessFile file = new RandomAccessFile(CACHES.resolve("lock").toFile(), "rw");
                FileLock alone = file.getChannel().lock()) {
            if (Files.notExists(cache)) {
                removeOlder();
                Files.createDirectories(directory);
                for (Path entry : directories()) {
                    pack(entry, jar(directory, entry));
                }
                train(cache, classPath(directory));
            }
        }
        return List.of("-XX:AOTCache=" + cache, QUIET, "-cp", classPath(directory));
    }

    /** Another one when a class, a library or the JDK is another. */
    private static String nameOfBuild() throws IOException {
        StringBuilder state =
                new StringBuilder(System.getProperty("java.home") + System.getProperty("java.class.path"));
        for (Path entry : directories()) {
            for (Path file : below(entry)) {
                state.append(file).append(Files.size(file)).append(Files.getLastModifiedTime(file));
            }
        }
        return UUID.nameUUIDFromBytes(state.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static void removeOlder() throws IOException {
        try (Stream<Path> older = Files.list(CACHES).filter(Files::isDirectory)) {
            for (Path directory : older.toList()) {
                FileSystemUtils.deleteRecursively(directory);
            }
        }
    }

    private static List<Path> directories() {
        return classPath().filter(Files::isDirectory).toList();
    }

    private static Stream<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(":")).map(Path::of);
    }

    private static String classPath(Path directory) {
        return classPath()
                .map(entry -> Files.isDirectory(entry) ? jar(directory, entry) : entry)
                .map(Path::toString)
                .collect(Collectors.joining(":"));
    }

    private static Path jar(Path directory, Path entry) {
        return directory.resolve(entry.getFileName() + ".jar");
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> !path.equals(directory)).sorted().toList();
        }
    }

    private static void pack(Path directory, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Path path : below(directory)) {
                String name = directory.relativize(path).toString();
                out.putNextEntry(new JarEntry(Files.isDirectory(path) ? name + "/" : name));
                if (!Files.isDirectory(path)) {
                    Files.copy(path, out);
                }
                out.closeEntry();
            }
        }
    }

    /** A whole process, which reads from Kafka, calls a tool, serves HTTP, and is stopped: then it writes the cache. */
    private static void train(Path cache, String classPath) throws IOException {
        Path log = cache.resolveSibling("training.log");
        try (FaultyServer server = new FaultyServer()) {
            List<String> command = DroverJvm.withoutClasses();
            command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-cp", classPath, Drover.class.getName()));
            command.addAll(List.of(
                    "--server.port=0",
                    "--spring.datasource.url=" + TestDatabase.create(),
                    "--camel.component.kafka.brokers=" + Servers.brokers(),
                    "--drover.routes.directory=src/test/resources/routes-scaling",
                    "--scaling.topic=" + Servers.newTopic("training", 1),
                    "--server.url=" + server.url()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                Awaitility.await()
                        .until(() -> !process.isAlive() || Files.readString(log).contains("claims tasks"));
                process.destroy(); // SIGTERM
                Awaitility.await().until(() -> !process.isAlive());
            } finally {
                process.destroyForcibly();
            }
            if (Files.notExists(cache)) {
                throw new IllegalStateException("the training run has written no cache: " + Files.readString(log));
            }
        }
    }
}
