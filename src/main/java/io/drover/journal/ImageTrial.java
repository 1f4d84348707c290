package io.drover.journal;

import io.drover.start.Bounds;
import io.drover.start.RefusedToStartException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The image on trial, which the canary's workers run: how many of the tasks it gets, and by which name it is judged. */
@Component
public class ImageTrial {

    /** Before the name, in the id of its rollout; no id of a file of rollouts begins so. */
    public static final String PREFIX = "image:";

    private final CanaryShare share;
    private volatile boolean refused;

    /**
     * @param percent of the tasks that this process submits, 0 to 100, where the file does not say
     * @param file    that holds the percentage and may change meanwhile, or empty; beside it may be a file {@code trial} with the name
     * @param trial   the name, where there is no such file; without a name nothing is judged
     */
    @Autowired
    public ImageTrial(
            @Value("${drover.canary.percent:0}") int percent,
            @Value("${drover.canary.file:}") String file,
            @Value("${drover.canary.trial:}") String trial) {
        String problem = Bounds.of(0, 100, 5).problem("drover.canary.percent", percent);
        if (problem != null) {
            throw new RefusedToStartException(problem);
        }
        this.share = new CanaryShare(percent, file, trial);
    }

    /** Of its rollout; null where no image is on trial. */
    public @Nullable String id() {
        String name = share.percent() == 0 ? null : share.trial();
        return name == null ? null : PREFIX + name;
    }

    /** Of the tasks that it is to get, from 0 to 100. */
    public int share() {
        return share.percent();
    }

    /** Of the tasks that it gets. */
    public int percent() {
        return refused ? 0 : share.percent();
    }

    /** Whether it was judged to be worse, or a person ended the trial: it gets no new task, whatever the file says. */
    public void refuse(boolean refuse) {
        refused = refuse;
    }
}
