package io.drover.intake;

import io.drover.intake.DeadLetterTopic.Patience;
import io.drover.intake.DeadLetterTopic.RefusedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Since when a dead letter topic takes nothing, and for how long that may still pass. The time does not run while brokers
 * are away.
 */
final class TopicOutage {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopic.class); // an operator looks for the topic

    private final String topic;
    private final DeadLetterClient client;
    private final Patience patience;
    private @Nullable Long since; // in nanoseconds, as the others
    private @Nullable Long looked;
    private @Nullable Long refusedSince;
    private String refusal = "";

    TopicOutage(String topic, DeadLetterClient client, Patience patience) {
        this.topic = topic;
        this.client = client;
        this.patience = patience;
    }

    /** Each further letter would take as long as the first that was refused, so its refusal is believed for a while. */
    void refuseAsBefore() throws RefusedException {
        if (refusedSince != null && !hasPassed(refusedSince, patience.believed())) {
            throw new RefusedException(refusal);
        }
    }

    /** The topic took a letter. */
    void ended() {
        since = null;
        refusedSince = null;
    }

    /** The topic answers, but does not take this letter. */
    void isNone() {
        since = null;
    }

    /**
     * A letter was not taken, for a reason that may pass.
     *
     * @throws RefusedException when it has had its time
     */
    void lasts(@Nullable String why) throws InterruptedException, RefusedException {
        LOG.warn("{} does not accept a record; sending is tried again: {}", topic, why);
        long now = System.nanoTime();
        if (since == null) {
            since = now;
        }
        if (!hasPassed(since, patience.untilMade()) || looked != null && !hasPassed(looked, patience.lookedAgain())) {
            return;
        }
        DeadLetterClient.Sight sight = client.look(topic);
        looked = System.nanoTime();
        switch (sight) {
            case AWAY -> since = null;
            case MISSING -> refuse("the topic %s does not exist, and its brokers do not create it".formatted(topic));
            case THERE -> {
                if (hasPassed(since, patience.untilBack())) {
                    refuse("topic %s has accepted nothing for %d s: %s"
                            .formatted(topic, patience.untilBack().toSeconds(), why));
                }
            }
        }
    }

    private void refuse(String why) throws RefusedException {
        refusedSince = System.nanoTime();
        refusal = why;
        throw new RefusedException(why);
    }

    private static boolean hasPassed(long since, Duration time) {
        return System.nanoTime() - since >= time.toNanos();
    }
}
