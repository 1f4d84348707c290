package io.drover.camel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Around a Kafka trigger: the tasks of all records of a poll go out together, and a partition's offset is committed when
 * the last of them is durable. A record that cannot become a task goes to the dead letter topic first. If the process
 * dies before the commit, the records come again, and their keys make them the same tasks.
 */
final class Intake extends RoutePolicySupport {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final String PROPERTY = "DroverRecord";
    private static final String INTAKE = "DroverIntake";

    private final DeadLetters deadLetters;
    private final KafkaRewind rewind;

    /** Of the partition that is being read; a Kafka consumer is one thread. */
    private final ThreadLocal<List<SourceRecord>> pending = ThreadLocal.withInitial(ArrayList::new);

    /** Whether records were left, because the trigger stops: what is committed after them would pass them over. */
    private volatile boolean left;

    Intake(DeadLetters deadLetters, KafkaRewind rewind) {
        this.deadLetters = deadLetters;
        this.rewind = rewind;
    }

    static @Nullable Intake of(Exchange exchange) {
        return exchange.getProperty(INTAKE, Intake.class);
    }

    /** Leaves the waiting for a submission to the end of the poll. */
    void await(Exchange exchange, CompletableFuture<?> submitted) {
        SourceRecord record = exchange.getProperty(PROPERTY, SourceRecord.class);
        record.submitted = record.submitted == null ? submitted : CompletableFuture.allOf(record.submitted, submitted);
    }

    /** Before anything is read. */
    @Override
    public void onInit(Route route) {
        rewind.beforeReading((KafkaEndpoint) route.getEndpoint());
    }

    @Override
    public void onStart(Route route) {
        left = false; // it reads from the offsets that are committed
    }

    @Override
    public void onStop(Route route) {
        deadLetters.close();
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        exchange.setProperty(PROPERTY, new SourceRecord(exchange));
        exchange.setProperty(INTAKE, this);
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        SourceRecord record = exchange.getProperty(PROPERTY, SourceRecord.class);
        if (exchange.getException() != null) {
            record.failed = exchange.getException();
            exchange.setException(null); // it is dealt with below
        }
        List<SourceRecord> records = pending.get();
        records.add(record);
        if (record.isLastOfPartition()) {
            try {
                left |= !allDurable((KafkaEndpoint) route.getEndpoint(), records);
                if (left) {
                    LOG.warn("the trigger stops before all records up to {} are done; they come again", record);
                } else {
                    record.commitOffset();
                }
            } catch (RuntimeException e) {
                LOG.warn(
                        "the offset after {} is not committed; its records come again and are known then: {}",
                        record,
                        e.getMessage());
            } finally {
                records.clear();
            }
        }
    }

    /** @return false when the trigger is stopping and some are not */
    private boolean allDurable(KafkaEndpoint source, List<SourceRecord> records) {
        for (SourceRecord record : records) {
            Throwable cause = record.failed;
            if (cause == null && record.submitted != null) {
                try {
                    record.submitted.join();
                } catch (CompletionException e) {
                    cause = e.getCause();
                } catch (CancellationException e) {
                    return false;
                }
            }
            if (cause instanceof CancellationException) {
                return false;
            }
            if (cause != null && !deadLetters.send(source, record, cause)) {
                return false;
            }
        }
        return true;
    }
}
