package io.drover.intake;

import static java.util.Objects.requireNonNullElse;

import io.drover.journal.SetAside;
import io.drover.json.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.StatefulService;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.UnitOfWorkHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between a Kafka consumer and its trigger: the tasks of all records of a poll go out together, and a partition's offset is
 * committed when the last of them is durable. A record that cannot become a task, whatever its route throws, is a dead
 * letter first. If the process dies before the commit, the records come again, and their keys make them the same tasks.
 */
public final class KafkaIntake extends DelegateAsyncProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaIntake.class);
    private static final long LOOK_SECONDS = 1;
    private static final long REPLAY_SECONDS = 20;
    private static final int LONGEST_REASON = 1000;

    private final RecordReader reader;
    private final DeadLetters deadLetters;
    private final SkippedRecords skipped;
    private final ConsumerStates states = new ConsumerStates();
    private final @Nullable KafkaRewind rewind;
    private final @Nullable TopicNames names;

    /** Of the partition that is being read; a Kafka consumer is one thread. */
    private final ThreadLocal<List<SourceRecord>> pending = ThreadLocal.withInitial(ArrayList::new);

    /** Whether records were left, because the trigger stops: what is committed after them would pass them over. */
    private final ThreadLocal<Boolean> left = ThreadLocal.withInitial(() -> false);

    KafkaIntake(
            Processor route,
            RecordReader reader,
            DeadLetters deadLetters,
            SkippedRecords skipped,
            @Nullable KafkaRewind rewind,
            @Nullable TopicNames names) {
        super(route);
        this.reader = reader;
        this.deadLetters = deadLetters;
        this.skipped = skipped;
        this.rewind = rewind;
        this.names = names;
    }

    /** Which of its consumers have ended. */
    ConsumerStates states() {
        return states;
    }

    /** Called by a consumer's thread before it reads from the offsets that are committed. */
    void begin() {
        left.set(false);
        pending.get().clear();
        if (names != null) {
            names.begin();
        }
        PolledBytes.reset();
    }

    /** Called by a consumer's thread before it reads: after a restore it reads again from then. */
    void beforeReading(KafkaEndpoint source) {
        if (rewind != null) {
            rewind.beforeReading(source);
        }
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        deadLetters.close();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        process(exchange);
        callback.done(true);
        return true;
    }

    /** Nothing leaves it: what is thrown here would end the consumer's thread or pass the record over. */
    @Override
    public void process(Exchange exchange) {
        PolledBytes.reset(); // the records of a poll come here before the next poll
        if (!SourceRecord.isOn(exchange)) {
            LOG.error("a Kafka consumer reports an error", exchange.getException());
            exchange.setException(null);
            return;
        }
        SourceRecord record = new SourceRecord(exchange);
        exchange.getMessage().removeHeader(KafkaConstants.MANUAL_COMMIT); // offsets are committed here alone
        name(record);
        if (record.failed() == null && !deadLetters.isOwn(record) && skipped.of(record) == null) {
            route(record, exchange);
        }
        List<SourceRecord> records = pending.get();
        records.add(record);
        if (record.isLastOfPartition()) {
            settle(records);
        }
    }

    private void name(SourceRecord record) {
        if (left.get()) {
            record.fail(new CancellationException("the trigger stops"));
        } else if (names != null) {
            try {
                record.name(names.of(record));
            } catch (RuntimeException e) { // under a wrong name it might be taken for one that is known
                record.fail(e);
            }
        }
    }

    /**
     * Takes in a record that was set aside, under the identity that it has by its position; once its tasks are known, they
     * are not doubled by another time.
     *
     * @return null when its tasks are durable, else why it became none
     */
    @Nullable
    String replay(Consumer consumer, SetAside.Position position, SetAside.Content content) {
        return again(consumer, position, content, (record, exchange) -> {
            route(record, exchange);
            if (record.failed() != null) {
                return Excerpt.of(String.valueOf(record.failed().getMessage()), LONGEST_REASON);
            }
            try {
                record.submitted().get(REPLAY_SECONDS, TimeUnit.SECONDS);
                return null;
            } catch (TimeoutException e) {
                return "the database does not answer; replay it again";
            } catch (ExecutionException e) {
                return Excerpt.of(
                        String.valueOf(requireNonNullElse(e.getCause(), e).getMessage()), LONGEST_REASON);
            }
        });
    }

    /**
     * Sends a record that was set aside to its dead letter topic.
     *
     * @return null when it is there, else why not
     */
    @Nullable
    String deadLetter(Consumer consumer, SetAside.Position position, SetAside.Content content, SetAside.Why why) {
        return again(consumer, position, content, (record, exchange) -> deadLetters.sendAgain(record, why));
    }

    private interface Work {
        @Nullable
        String of(SourceRecord record, Exchange exchange) throws InterruptedException;
    }

    private static @Nullable String again(
            Consumer consumer, SetAside.Position position, SetAside.Content content, Work work) {
        Exchange exchange = consumer.createExchange(false);
        try {
            SourceRecord.show(position, content, exchange);
            SourceRecord record = new SourceRecord(exchange);
            record.name(position.topic());
            return work.of(record, exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the process stops";
        } finally {
            consumer.releaseExchange(exchange, false);
        }
    }

    private void route(SourceRecord record, Exchange exchange) {
        try {
            record.bindTo(exchange);
            reader.show(record, exchange);
            getProcessor().process(exchange);
            Exception failure = exchange.getException();
            if (failure != null) {
                fail(record, failure);
            } else if (exchange.isRollbackOnly()) {
                record.fail(new IllegalStateException("the route rolled the record back"));
            }
        } catch (Throwable e) { // a stack overflow, a class that is missing, whatever the record brought about
            fail(record, e);
            UnitOfWorkHelper.doneUow(exchange.getUnitOfWork(), exchange);
        }
        exchange.setException(null); // it is dealt with when its partition is settled
        exchange.setRollbackOnly(false);
    }

    /** Behind {@code master:} Camel stops the route before the consumer; what fails by that comes again. */
    private void fail(SourceRecord record, Throwable cause) {
        boolean stops = getProcessor() instanceof StatefulService route && (route.isStopping() || route.isStopped());
        record.fail(stops ? new CancellationException("the trigger stops") : cause);
    }

    private void settle(List<SourceRecord> records) {
        SourceRecord last = records.getLast();
        try {
            if (!left.get() && !allDurable(records)) {
                left.set(true);
            }
            if (left.get()) {
                LOG.warn("the trigger stops before all records up to {} are finished; they come again", last);
            } else {
                last.commitOffset();
            }
        } catch (PartitionHold.LostException e) {
            leave(e.record());
        } catch (RuntimeException e) {
            LOG.warn(
                    "the offset after {} is not committed; its records come again, and are then recognised: {}",
                    last,
                    e.getMessage());
        } finally {
            records.clear();
        }
    }

    /** The other consumer reads on from the offset that is committed; this one does if it keeps the partition after all. */
    private static void leave(SourceRecord record) {
        LOG.warn("another consumer has the partition of {} since this one waited; the record is left to it", record);
        OwnedClients.seek(record.topic(), record.partition(), record.offset());
    }

    /** @return false when the trigger is stopping and some are not */
    private boolean allDurable(List<SourceRecord> records) {
        for (SourceRecord record : records) {
            if (deadLetters.isOwn(record)) {
                continue;
            }
            Throwable cause;
            try {
                cause = failure(record);
            } catch (CancellationException e) {
                return false;
            }
            if (cause != null) {
                if (!deadLetters.send(record, cause)) {
                    return false;
                }
                if (record != records.getLast()) {
                    record.commitOffset(); // else the next failure to commit would send the letter once more
                }
            }
        }
        return true;
    }

    /**
     * Waits until the record's tasks are durable, for as long as the database is away.
     *
     * @throws CancellationException when the trigger stops first
     */
    private @Nullable Throwable failure(SourceRecord record) {
        CompletableFuture<Void> submitted = record.submitted();
        while (true) {
            Throwable skip = skipped.of(record);
            Throwable cause = record.failed();
            if (skip != null || cause != null) {
                if (cause instanceof CancellationException stopping) {
                    throw stopping;
                }
                return skip != null ? skip : cause;
            }
            try {
                submitted.get(LOOK_SECONDS, TimeUnit.SECONDS);
                return null;
            } catch (TimeoutException e) {
                LOG.debug("record {} waits for the database", record);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof CancellationException stopping) {
                    throw stopping;
                }
                return e.getCause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("the trigger stops");
            }
        }
    }
}
