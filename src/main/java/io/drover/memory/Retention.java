package io.drover.memory;

import io.drover.start.Periodic;
import jakarta.annotation.PreDestroy;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Deletes the facts that have not been remembered again for a long time. Every worker does so once an hour. */
@Component
class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int FIRST_MINUTES = 1;
    private static final int MINUTES = 60;

    // Rows that another worker is deleting are skipped, so concurrent workers share the work.
    private static final String DELETE_OLD =
            """
            delete from memory
             where id in (select id from memory where refreshed_at < ? order by refreshed_at limit ?
                             for update skip locked)
            """;

    private final MemoryProperties properties;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final boolean worker;
    private final Periodic timer = new Periodic("memory-retention", Duration.ofMinutes(MINUTES), this::run);

    Retention(MemoryProperties properties, JdbcClient jdbc, Clock clock, @Value("${drover.role:all}") String role) {
        this.properties = properties;
        this.jdbc = jdbc;
        this.clock = clock;
        this.worker = !role.equals("trigger");
    }

    @EventListener(ApplicationStartedEvent.class)
    void start() {
        if (worker) {
            timer.start(Duration.ofMinutes(FIRST_MINUTES));
        }
    }

    private void run() {
        try {
            int deleted = deleteOld(1000);
            if (deleted > 0) {
                LOG.info("memory: {} facts were older than {} and are forgotten", deleted, properties.retention());
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "memory: old facts could not be deleted; this is tried again in an hour: {}",
                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
    }

    /** @param batch how many are deleted by one statement */
    int deleteOld(int batch) {
        Timestamp oldest = Timestamp.from(clock.instant().minus(properties.retention()));
        int deleted = 0;
        int last = batch;
        while (last == batch) {
            timer.alive();
            last = jdbc.sql(DELETE_OLD).params(oldest, batch).update();
            deleted += last;
        }
        return deleted;
    }

    @PreDestroy
    void stop() {
        timer.close();
    }
}
