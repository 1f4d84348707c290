package io.drover.start;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/** Does its work in its place of the {@link Sequence}, once Camel has started. */
public interface InSequence extends ApplicationListener<ApplicationStartedEvent>, Ordered {

    /** Each part of the process has its own. */
    Sequence place();

    @Override
    default int getOrder() {
        return place().order();
    }
}
