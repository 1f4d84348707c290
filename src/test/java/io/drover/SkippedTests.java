package io.drover;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Keeps the tests that were skipped because a program is missing, one a line, in {@code skipped-tests.txt} of this JVM's directory. The
 * build prints these files as its last step. There is none where nothing was skipped.
 */
public final class SkippedTests implements TestExecutionListener {

    private static final Path FILE = absent(ForkDirectory.of("").resolve("skipped-tests.txt"));

    private final Path file;
    private final TreeSet<String> lines = new TreeSet<>();

    /** Registered in {@code META-INF/services}. */
    public SkippedTests() {
        this(FILE);
    }

    SkippedTests(Path file) {
        this.file = file;
    }

    /** What an earlier build left is not this one's. */
    private static Path absent(Path file) {
        try {
            Files.deleteIfExists(file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        keep(test, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            keep(test, result.getThrowable().map(Throwable::getMessage).orElse(""));
        }
    }

    private void keep(TestIdentifier test, String reason) {
        if (reason.startsWith(Needed.NEEDS)) {
            lines.add("skipped: %s %s".formatted(name(test), reason));
        }
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .map(source -> switch (source) {
                    case ClassSource type -> simple(type.getClassName());
                    case MethodSource method -> simple(method.getClassName()) + "#" + method.getMethodName();
                    default -> test.getDisplayName();
                })
                .orElseGet(test::getDisplayName);
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            Files.write(file, lines, CREATE, APPEND); // one plan is one test class where several JVMs share the tests
            lines.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
