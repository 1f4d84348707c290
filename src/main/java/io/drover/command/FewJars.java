package io.drover.command;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command that asks a running instance with the few jars that it needs.
 * Opening the other 250 jars inside of {@code drover.jar} takes longer than everything else that such a command does.
 */
public final class FewJars {

    /** They need Camel or Spring, or all commands. */
    private static final Set<String> NEED_ALL = Set.of(
            "serve",
            "validate",
            "test",
            "backtest",
            "export",
            "evals",
            "new",
            "schema",
            "egress",
            "run",
            "drain",
            "migrate",
            "generate-completion",
            "help");

    /** Of a command whose other words need few. */
    private static final String EXPORT = "audit export";

    private static final Pattern NEEDED = Pattern.compile(
            ".*/!?BOOT-INF/(classes|lib/(picocli|jackson-(core|databind|annotations)|jspecify)-.*\\.jar)/?!?/?");

    private FewJars() {}

    /** @return the exit code; null if it is no such command, or the classes are in no jar of jars */
    public static @Nullable Integer run(String... args) {
        if (args.length == 0
                || args[0].startsWith("-")
                || NEED_ALL.contains(args[0])
                || args.length > 1 && EXPORT.equals(args[0] + " " + args[1])
                || !(FewJars.class.getClassLoader() instanceof URLClassLoader all)) {
            return null;
        }
        URL[] needed = Arrays.stream(all.getURLs())
                .filter(url -> isNeeded(url.toString()))
                .toArray(URL[]::new);
        URLClassLoader few =
                new URLClassLoader(needed, ClassLoader.getPlatformClassLoader()); // to the end of the process
        Method command;
        try {
            // by its name, because its class would be loaded from all jars
            command = few.loadClass("io.drover.command.DroverCommand").getMethod("runClient", String[].class);
        } catch (ReflectiveOperationException e) {
            return null;
        }
        Thread.currentThread().setContextClassLoader(few);
        try {
            return (Integer) command.invoke(null, (Object) args);
        } catch (ReflectiveOperationException e) { // it may have submitted a task, so it does not run again
            throw new IllegalStateException(e);
        } finally {
            Thread.currentThread().setContextClassLoader(all);
        }
    }

    /** @param url as Spring Boot's loader names what is in {@code drover.jar} */
    static boolean isNeeded(String url) {
        return NEEDED.matcher(url).matches();
    }
}
