package io.drover.route.check;

import io.drover.task.InvalidTaskException;
import io.drover.task.Signals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the steps {@code wait:} and {@code signal:} need, for {@code validate} and for the endpoints themselves. */
public final class WaitRules {

    private WaitRules() {}

    /** The options of a step, as they are written; null where one is left out. */
    public record Wait(
            @Nullable String name,
            @Nullable String key,
            @Nullable String timeout,
            @Nullable String duration,
            @Nullable String until) {}

    /** @return what is wrong with a step {@code wait:<type>} */
    public static List<String> problems(String type, Wait wait) {
        return switch (type) {
            case "signal" -> signal(wait);
            case "until" -> until(wait);
            default -> List.of("there is no wait:%s; there are [signal, until]".formatted(type));
        };
    }

    private static List<String> signal(Wait wait) {
        List<String> problems = new ArrayList<>();
        if (wait.name == null || wait.key == null) {
            problems.add("wait:signal: it needs the parameters 'name' and 'key'");
        }
        if (wait.duration != null || wait.until != null) {
            problems.add("wait:signal: 'duration' and 'until' belong to wait:until");
        }
        if (wait.name != null && isWritten(wait.name)) {
            add(problems, () -> Signals.checkName("wait:signal", wait.name));
        }
        if (wait.timeout != null && isWritten(wait.timeout)) {
            add(problems, () -> WaitTimes.duration("wait:signal: timeout", wait.timeout));
        }
        return problems;
    }

    private static List<String> until(Wait wait) {
        List<String> problems = new ArrayList<>();
        if (wait.name != null || wait.key != null || wait.timeout != null) {
            problems.add("wait:until: 'name', 'key' and 'timeout' belong to wait:signal");
        }
        if ((wait.duration == null) == (wait.until == null)) {
            problems.add("wait:until: it needs one of the parameters 'duration' and 'until'");
        }
        if (wait.until != null && wait.until.contains("${date:now")) {
            problems.add(
                    "wait:until: until: %s is another instant in each attempt; use 'duration'".formatted(wait.until));
        }
        if (wait.duration != null && isWritten(wait.duration)) {
            add(problems, () -> WaitTimes.duration("wait:until: duration", wait.duration));
        }
        if (wait.until != null && isWritten(wait.until)) {
            add(problems, () -> WaitTimes.instant("wait:until: until", wait.until));
        }
        return problems;
    }

    /** @return what is wrong with a step {@code signal:<name>} */
    public static List<String> ofSignal(String name, @Nullable String key) {
        List<String> problems = new ArrayList<>();
        if (name.equals(Signals.PROGRESS)) {
            if (key != null) {
                problems.add(
                        "signal:progress: it publishes the progress of its own task, so it takes no parameter 'key'");
            }
            return problems;
        }
        if (key == null || key.isBlank()) {
            problems.add("signal:%s: it needs the parameter 'key', which says whom it concerns".formatted(name));
        }
        if (isWritten(name)) {
            add(problems, () -> Signals.checkName("signal:", name));
        }
        return problems;
    }

    /** Whether the text is the value itself; an expression or a property is judged when it has its value. */
    private static boolean isWritten(String text) {
        return !text.contains("${") && !text.contains("{{");
    }

    private static void add(List<String> problems, Runnable rule) {
        try {
            rule.run();
        } catch (IllegalArgumentException | InvalidTaskException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }
}
