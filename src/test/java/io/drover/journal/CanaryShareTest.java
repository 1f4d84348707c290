package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The share of the canary follows a file, without a restart. */
@Quick
class CanaryShareTest {

    @TempDir
    Path directory;

    @Test
    void followsTheFile() throws IOException {
        Path file = directory.resolve("percent");
        CanaryShare share = new CanaryShare(7, file.toString(), "", Duration.ZERO);
        assertThat(share.percent()).as("no file").isEqualTo(7);

        Files.writeString(file, "25\n");
        assertThat(share.percent()).isEqualTo(25);

        Files.writeString(file, "0");
        assertThat(share.percent()).isZero();

        Files.delete(file);
        assertThat(share.percent()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "five", "-1", "101", "1e1", "99999999999", "5 of a hundred, and many more words"})
    void whatIsNoPercentageChangesNothing(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("percent"), "25");
        CanaryShare share = new CanaryShare(0, file.toString(), "", Duration.ZERO);

        Files.writeString(file, content);

        assertThat(share.percent()).isEqualTo(25);
    }

    @Test
    void withoutAFileItIsTheSetting() {
        assertThat(new CanaryShare(5, "", "", Duration.ZERO).percent()).isEqualTo(5);
    }

    @Test
    void theNameOfTheTrialStandsBesideIt() throws IOException {
        Path file = Files.writeString(directory.resolve("percent"), "25");
        CanaryShare share = new CanaryShare(0, file.toString(), "", Duration.ZERO);
        assertThat(share.trial()).as("nothing is judged").isNull();

        Files.writeString(directory.resolve("trial"), "0.2.0\n");
        assertThat(share.trial()).isEqualTo("0.2.0");
        Files.writeString(directory.resolve("trial"), "not a name");
        assertThat(share.trial()).isNull();
        Files.writeString(directory.resolve("trial"), "x".repeat(101));
        assertThat(share.trial()).isNull();
        Files.delete(directory.resolve("trial"));
        assertThat(new CanaryShare(0, file.toString(), "0.3.0", Duration.ZERO).trial())
                .isEqualTo("0.3.0");
    }

    /** Who is compared: the canary's tasks with as many of the others; of a task that has a rollout of its own, that one. */
    @Test
    void asManyOfTheStableTrackAreCompared() {
        Tracks tracks = new Tracks(new ImageTrial(20, "", "0.2.0"), Tracks.STABLE, Set.of("own"));
        List<NewTask> all = IntStream.range(0, 1000)
                .mapToObj(i -> task("w", new Submitter(null, null)))
                .toList();

        Map<String, Long> compared = all.stream()
                .filter(task -> "image:0.2.0".equals(tracks.rollout(task)))
                .collect(Collectors.groupingBy(task -> tracks.of(task.id()), Collectors.counting()));

        assertThat(compared).containsOnlyKeys("stable", "canary");
        assertThat(compared.get("canary"))
                .isEqualTo(all.stream()
                        .filter(task -> tracks.of(task.id()).equals("canary"))
                        .count());
        assertThat(compared.get("stable")).isBetween(130L, 280L);
        assertThat(tracks.rollout(task("own", new Submitter(null, null)))).isNull();
        assertThat(all).allSatisfy(task -> assertThat(tracks.rollout(new NewTask(
                        task.id(),
                        "w",
                        null,
                        null,
                        "{}",
                        4,
                        Duration.ZERO,
                        new Submitter(null, null, null, false, Mode.DRY_RUN, 1))))
                .isNull());
        assertThat(tracks.rollout(task("w", new Submitter(null, null, null, false, Mode.LIVE, 2, "w-2", false))))
                .isEqualTo("w-2");
    }

    @Test
    void anImageThatWasRefusedGetsNoTask() {
        ImageTrial trial = new ImageTrial(100, "", "0.2.0");
        Tracks tracks = new Tracks(trial, Tracks.STABLE, Set.of());
        NewTask task = task("w", new Submitter(null, null));
        assertThat(tracks.of(task)).hasToString("canary");

        trial.refuse(true);

        assertThat(tracks.of(task)).hasToString("stable");
        assertThat(tracks.rollout(task)).isNull();
        assertThat(trial.id()).as("it is still the one on trial").isEqualTo("image:0.2.0");
    }

    private static NewTask task(String workflow, Submitter submitter) {
        return new NewTask(UUID.randomUUID(), workflow, null, null, "{}", 4, Duration.ZERO, submitter);
    }
}
