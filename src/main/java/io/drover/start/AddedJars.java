package io.drover.start;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jars in {@code lib/} beside {@code drover.jar}: components, drivers and providers that an installation adds.
 * They come behind Drover's own on the class path, so they replace none of its classes. Nothing else is looked at:
 * neither the working directory nor a variable of the environment. Who may write there runs code in this process.
 */
public final class AddedJars {

    private static final String DIRECTORY = "lib";

    /** What Spring Boot starts the classes in {@code drover.jar} with. */
    private static final String LAUNCHED = "org.springframework.boot.loader.";

    private static final Pattern CAMEL =
            Pattern.compile("META-INF/maven/org\\.apache\\.camel/([^/]+)/pom\\.properties");

    /** Of the Camel that is here: the first on the class path is Drover's own. */
    private static final String OURS = "/META-INF/maven/org.apache.camel/camel-api/pom.properties";

    private AddedJars() {}

    /**
     * Puts them on the class path of {@code java -jar drover.jar}. The image's start has them there by itself.
     *
     * @throws RefusedToStartException if they cannot be had
     */
    public static void use() {
        ClassLoader loader = AddedJars.class.getClassLoader();
        List<Path> jars = isLaunched() ? all() : List.of();
        if (jars.isEmpty()) {
            return;
        }
        try {
            Method add = URLClassLoader.class.getDeclaredMethod("addURL", URL.class); // the manifest opens it
            add.setAccessible(true);
            for (Path jar : jars) {
                add.invoke(loader, jar.toUri().toURL());
            }
        } catch (ReflectiveOperationException | IOException | InaccessibleObjectException e) {
            throw new RefusedToStartException(
                    "the jars in %s cannot be used; start Drover by java -jar drover.jar, or remove them"
                            .formatted(jars.getFirst().getParent()),
                    e);
        }
    }

    /**
     * All of them that are on the class path, by name.
     *
     * @throws RefusedToStartException if the directory is there and cannot be read
     */
    public static List<Path> all() {
        Path directory = directory();
        if (directory == null || Files.notExists(directory)) {
            return List.of();
        }
        List<Path> jars = jars(directory);
        if (isLaunched()) {
            return jars;
        }
        Set<Path> used = Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .collect(Collectors.toSet());
        return jars.stream().filter(jar -> used.contains(jar.toAbsolutePath())).toList();
    }

    static List<Path> jars(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new RefusedToStartException(
                    "%s cannot be listed (%s); it must be a directory that Drover may read, or not exist"
                            .formatted(directory, e),
                    e);
        }
    }

    /** What is wrong with them: no jar, or of another Camel. */
    public static List<String> problems() {
        return problems(all());
    }

    static List<String> problems(List<Path> jars) {
        String camel = jars.isEmpty() ? null : camel();
        List<String> problems = new ArrayList<>();
        for (Path jar : jars) {
            try (JarFile opened = new JarFile(jar.toFile())) {
                String other = otherCamel(opened, camel);
                if (other != null) {
                    problems.add(
                            "%s is of Camel %s, but this Drover has Camel %s; replace it by the jar of that version"
                                    .formatted(jar, other, camel));
                }
            } catch (IOException e) {
                problems.add("%s cannot be read as a jar (%s); copy it again, or remove it".formatted(jar, e));
            }
        }
        return problems;
    }

    private static @Nullable String otherCamel(JarFile jar, @Nullable String camel) throws IOException {
        for (JarEntry entry : jar.stream()
                .filter(entry -> CAMEL.matcher(entry.getName()).matches())
                .toList()) {
            try (InputStream in = jar.getInputStream(entry)) {
                String version = version(in);
                if (camel != null && version != null && !version.equals(camel)) {
                    return version;
                }
            }
        }
        return null;
    }

    private static @Nullable String camel() {
        try (InputStream in = AddedJars.class.getResourceAsStream(OURS)) {
            return in == null ? null : version(in);
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable String version(InputStream in) throws IOException {
        Properties properties = new Properties();
        properties.load(in);
        return properties.getProperty("version");
    }

    /** Beside the jar that holds Drover; null where its classes are in none. */
    private static @Nullable Path directory() {
        Class<?> inside = isLaunched() ? AddedJars.class.getClassLoader().getClass() : AddedJars.class;
        CodeSource source = inside.getProtectionDomain().getCodeSource();
        try {
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            return jar == null || !Files.isRegularFile(jar) ? null : jar.resolveSibling(DIRECTORY);
        } catch (URISyntaxException | RuntimeException e) { // no file
            return null;
        }
    }

    /** Whether this is {@code java -jar drover.jar}, where jars are in a jar. */
    private static boolean isLaunched() {
        return AddedJars.class.getClassLoader() instanceof URLClassLoader loader
                && loader.getClass().getName().startsWith(LAUNCHED);
    }
}
