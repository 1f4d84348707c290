package io.drover.kit;

import io.drover.guard.ModelCost;
import io.drover.journal.Addresses;
import io.drover.journal.CallRecord;
import io.drover.journal.Mirror;
import io.drover.journal.MirroredCalls;
import io.drover.journal.MirroredCalls.Side;
import io.drover.journal.Mode;
import io.drover.journal.TaskStatus;
import io.drover.journal.memory.MemoryJournal.Seen;
import io.drover.json.Digest;
import io.drover.json.Recorded;
import io.drover.kit.CaseRun.Parts;
import io.drover.kit.CaseRun.Ran;
import io.drover.kit.RouteTests.UnusableRoutesException;
import io.drover.kit.TestCase.Expected;
import io.drover.shadow.Comparison;
import io.drover.shadow.Difference;
import io.drover.task.InvalidTaskException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs route files over tasks that have completed elsewhere: each is mirrored by a shadow of the new files, which hears what the task
 * heard for every equal call. No tool and no model is called.
 */
public final class Backtest {

    private static final String NAME = "backtest";
    private static final String NO_MODEL =
            "it asks a model what the past task did not ask, or with another definition of the agent";

    /** Tasks with the same fault are one group, whatever it happened to. */
    private static final Pattern IDS = Pattern.compile("[0-9A-Fa-f]{8,}(?:-[0-9A-Fa-f]+)*");

    /**
     * What came of it.
     *
     * @param compared how many tasks
     * @param pastUsd  what their models cost
     * @param newUsd   what those answers cost that the new files would have asked for, too
     * @param groups   the most frequent first, and those without a difference last
     */
    public record Report(int compared, BigDecimal pastUsd, BigDecimal newUsd, List<Group> groups) {

        /** Whether the new files do what the old ones did. */
        public boolean isSame() {
            return groups.stream().allMatch(group -> group.difference() == Difference.NONE);
        }
    }

    /**
     * Tasks that differ in the same.
     *
     * @param tool   of the first call in which they differ, or null
     * @param reason in words, or null
     * @param task   one of them
     */
    public record Group(Difference difference, @Nullable String tool, @Nullable String reason, int tasks, UUID task) {}

    private record Kind(Difference difference, @Nullable String tool, @Nullable String reason) {}

    private record Compared(Kind kind, BigDecimal pastUsd, BigDecimal newUsd) {}

    private Backtest() {}

    /**
     * Runs it.
     *
     * @param properties of Spring, as {@code --x=y}
     * @param tasks      that have completed
     * @param version    of their workflow that is tried; null for the current one
     */
    public static Report run(Path routes, List<String> properties, List<PastTask> tasks, @Nullable Integer version)
            throws UnusableRoutesException {
        Map<Kind, List<UUID>> kinds = new LinkedHashMap<>();
        BigDecimal past = BigDecimal.ZERO;
        BigDecimal now = BigDecimal.ZERO;
        try (TestKit kit = TestKit.open(routes, properties, Set.of(), Live.NOTHING)) {
            if (!kit.problems().isEmpty()) {
                throw new UnusableRoutesException(kit.problems());
            }
            for (PastTask task : tasks) {
                Compared compared = task.isRedacted()
                        ? new Compared(
                                new Kind(Difference.GONE, null, "a part of it is redacted"),
                                BigDecimal.ZERO,
                                BigDecimal.ZERO)
                        : compare(kit, task, version);
                kinds.computeIfAbsent(compared.kind(), kind -> new ArrayList<>())
                        .add(task.id());
                past = past.add(compared.pastUsd());
                now = now.add(compared.newUsd());
            }
        }
        List<Group> groups = kinds.entrySet().stream()
                .map(one -> new Group(
                        one.getKey().difference(),
                        one.getKey().tool(),
                        one.getKey().reason(),
                        one.getValue().size(),
                        one.getValue().getFirst()))
                .sorted(Comparator.comparing((Group group) -> group.difference() == Difference.NONE)
                        .thenComparing(group -> -group.tasks()))
                .toList();
        return new Report(tasks.size(), past, now, groups);
    }

    private static Compared compare(TestKit kit, PastTask task, @Nullable Integer version) {
        UUID shadow = Digest.uuid(NAME, task.id().toString());
        Stage stage = kit.stage(script(task, version));
        Parts parts = kit.parts();
        CaseRun run = new CaseRun(stage.script(), stage, parts);
        try {
            parts.tasks().shadow(run.request(), shadow, NAME).join();
        } catch (InvalidTaskException e) {
            return new Compared(new Kind(Difference.REFUSED, null, e.getMessage()), usd(task.calls()), BigDecimal.ZERO);
        }
        Mirror mirror = Mirror.of(shadow, task.id(), Addresses.PLAIN, task.calls());
        Ran ran = run.finish(claimed -> claimed.id().equals(shadow) ? mirror : null, false);
        Seen own = ran.tasks().getFirst();
        Comparison how = Comparison.of(
                task.output(),
                own.status(),
                own.output(),
                MirroredCalls.of(
                        new Side(task.id(), Addresses.PLAIN),
                        task.calls(),
                        new Side(shadow, Addresses.PLAIN),
                        own.calls()));
        return new Compared(
                new Kind(how.difference(), how.tool(), reason(how, own, stage)), usd(task.calls()), usd(own.calls()));
    }

    private static @Nullable String reason(Comparison how, Seen own, Stage stage) {
        if (how.difference() != Difference.OUTCOME) {
            return null;
        }
        if (stage.isModelMissed()) {
            return NO_MODEL;
        }
        String message = own.error() == null
                ? null
                : Recorded.tree(own.error(), () -> "the error of a task")
                        .path("message")
                        .asText();
        return own.status() == TaskStatus.DEAD && message != null
                ? IDS.matcher(message).replaceAll("...")
                : "it is %s".formatted(own.status());
    }

    private static BigDecimal usd(List<CallRecord> calls) {
        return Objects.requireNonNullElse(ModelCost.usd(calls.stream()), BigDecimal.ZERO);
    }

    private static TestCase script(PastTask task, @Nullable Integer version) {
        return new TestCase(
                task.id().toString(),
                1,
                task.workflow(),
                version,
                task.key(),
                Mode.SHADOW,
                task.submittedBy(),
                Recorded.tree(task.input(), () -> "the input of task %s".formatted(task.id())),
                task.createdAt(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                false,
                new Expected(null, null, null, null, List.of(), List.of(), Map.of(), null));
    }
}
