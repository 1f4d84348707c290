package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.route.check.RouteFile;
import io.drover.route.check.RouteValidator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

/** When a file that failed is tried again. */
@Quick
class TriedFilesTest {

    private long now;
    private final TriedFiles tried = new TriedFiles(() -> now);

    @TempDir
    Path directory;

    private RouteFile hook;

    @BeforeEach
    void aFileThatFailed() throws Exception {
        hook = file("hook", "one");
        look(hook);
    }

    @Test
    void aFileIsTriedAgainEveryHalfMinute() {
        for (int i = 0; i < 10; i++) {
            assertThat(tried.isDue(hook)).isTrue();
            assertThat(tried.isDue(hook)).isFalse();
            pass(Duration.ofSeconds(30));
        }
    }

    @Test
    void aFileWhoseTriesStopWhatRunsIsTriedEverLessOften() {
        Duration pause = Duration.ofSeconds(30);
        for (int i = 0; i < 12; i++) {
            assertThat(tried.isDue(hook)).isTrue();
            tried.disturbed(hook);
            pause = pause.multipliedBy(2).compareTo(Duration.ofHours(1)) > 0
                    ? Duration.ofHours(1)
                    : pause.multipliedBy(2);

            pass(pause.minusNanos(1));
            assertThat(tried.isDue(hook)).isFalse();
            pass(Duration.ofNanos(1));
        }
    }

    @Test
    void aChangeOfAnyFileMayMendIt() throws Exception {
        tried.isDue(hook);
        tried.disturbed(hook);
        look(hook);
        assertThat(tried.isDue(hook)).isFalse();

        look(hook, file("other", "one"));

        assertThat(tried.isDue(hook)).isTrue();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void look(RouteFile... files) {
        tried.seen(List.of(files));
    }

    private RouteFile file(String id, String text) throws Exception {
        Path path = Files.writeString(
                directory.resolve(id + ".camel.yaml"),
                "- route: {id: %s, from: {uri: 'direct:%s', steps: [{log: {message: %s}}]}}".formatted(id, id, text));
        return new RouteValidator(new MockEnvironment(), new DefaultCamelContext())
                .reader()
                .read(directory, path, null);
    }
}
