package io.drover.journal;

import io.drover.start.RefusedToStartException;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Which version of Drover works on which tasks while a new one is tried: a task's track is {@code stable} or {@code canary} by its id,
 * hence by its key, from its submission on, and a worker claims the tasks of its own track. Where no canary worker lives its tasks
 * are the stable workers' again.
 */
@Component
class Tracks {

    static final String STABLE = "stable";
    static final String CANARY = "canary";

    private final ImageTrial image;
    private final String own;
    private final Set<String> except;

    /**
     * @param own     the track that this process's worker claims
     * @param except  workflows that have workers of their own, of which there is no second version
     */
    @Autowired
    Tracks(
            ImageTrial image,
            @Value("${drover.worker.track:stable}") String own,
            @Value("${drover.worker.except-workflows:}") Set<String> except) {
        if (!own.equals(STABLE) && !own.equals(CANARY)) {
            throw new RefusedToStartException("drover.worker.track (%s) must be stable or canary".formatted(own));
        }
        this.image = image;
        this.own = own;
        this.except = Set.copyOf(except);
    }

    Tracks(int percent, String own) {
        this(new ImageTrial(percent, "", ""), own, Set.of());
    }

    Lane of(NewTask task) {
        return new Lane(
                except.contains(task.workflow()) ? STABLE : of(task.id()),
                task.submitter().version());
    }

    String of(UUID task) {
        return bucket(task) < image.percent() ? CANARY : STABLE;
    }

    private static long bucket(UUID task) {
        return Long.remainderUnsigned(task.getLeastSignificantBits(), 100);
    }

    /**
     * The rollout that compares a task: that of its workflow's version, else that of the image on trial, whose control is an equally
     * large part of the other tasks; null where none does.
     */
    @Nullable
    String rollout(NewTask task) {
        Submitter submitter = task.submitter();
        String trial = submitter.rollout() == null ? image.id() : null;
        if (trial == null
                || submitter.mode() != Mode.LIVE
                || submitter.family() != null
                || except.contains(task.workflow())) {
            return submitter.rollout();
        }
        int percent = image.percent();
        int compared = Math.min(percent, 100 - percent);
        long bucket = bucket(task.id());
        return bucket < compared || bucket >= 100 - compared ? trial : null;
    }

    /** The rollout of the image on trial, or null. */
    @Nullable
    String trial() {
        return image.id();
    }

    String own() {
        return own;
    }
}
