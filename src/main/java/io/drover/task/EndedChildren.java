package io.drover.task;

import io.drover.journal.ChildCalls;
import io.drover.start.Periodic;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks for children that ended without waking the task that awaits them.
 * While two releases run, a process of the earlier one may end a child, and it knows no children.
 */
@Component
class EndedChildren {

    private static final Logger LOG = LoggerFactory.getLogger(EndedChildren.class);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final ChildCalls children;
    private final Periodic look = new Periodic("ended-children", EVERY, this::look);

    EndedChildren(ChildCalls children) {
        this.children = children;
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        look.start(EVERY);
    }

    private void look() {
        int settled = children.settleEnded();
        if (settled > 0) {
            LOG.info("{} child tasks had ended, and the tasks that await them were not told; they are now", settled);
        }
    }

    @PreDestroy
    void stop() {
        look.close();
    }
}
