package io.drover.journal;

import java.time.Duration;

/** Is notified about group commits, for metrics. It must return quickly. */
public interface CommitListener {

    /**
     * A batch is durable.
     *
     * @param kind of its rows: submit, call, end or late
     */
    void committed(String kind, int rows, Duration took);
}
