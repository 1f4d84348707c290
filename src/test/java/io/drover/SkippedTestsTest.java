package io.drover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A test whose program is missing is skipped, and the build says so. */
@Quick
class SkippedTestsTest {

    @TempDir
    Path directory;

    @Test
    void namesEachSkippedTestAndWhatItNeeds() throws Exception {
        Path file = directory.resolve("skipped.txt");

        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .addTestExecutionListeners(new SkippedTests(file))
                        .build())
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(InAMethod.class), selectClass(Whole.class))
                        .filters(ClassNameFilter.includeClassNamePatterns(".*"))
                        .build());

        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        skipped: SkippedTestsTest$InAMethod#aborted needs a moon
                        skipped: SkippedTestsTest$Whole needs redis-server (Debian package redis-server)
                        """);
    }

    static class InAMethod {
        @Test
        void passes() {}

        @Test
        void aborted() {
            Needed.skip("a moon");
        }

        @Test
        @Disabled("for another reason")
        void disabled() {}
    }

    static class Whole {
        @BeforeAll
        static void start() {
            Needed.skip(Needed.REDIS.reason());
        }

        @Test
        void passes() {}
    }
}
