package io.drover;

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
 * Keeps the tests that were skipped because a program is missing, one a line, in {@code target/skipped-tests.txt}. The build prints that file
 * as its last step. It is empty where nothing was skipped.
 */
public final class SkippedTests implements TestExecutionListener {

    private final Path file;
    private final TreeSet<String> lines = new TreeSet<>();

    /** Registered in {@code META-INF/services}. */
    public SkippedTests() {
        this(Path.of("target", "skipped-tests.txt"));
    }

    SkippedTests(Path file) {
        this.file = file;
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
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
