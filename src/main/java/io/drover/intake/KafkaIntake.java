package io.drover.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.camel.AsyncCallback;
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
 * Stands between a Kafka consumer and its trigger.
 * The tasks of all records of a poll are submitted together, and a partition's offset is committed when the last of
 * them is durable.
 * A record that cannot become a task, whatever its route throws, becomes a dead letter before that.
 * If the process dies before the commit, the records come again, and their keys make them the same tasks.
 */
public final class KafkaIntake extends DelegateAsyncProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaIntake.class);

    private final RecordReader reader;
    private final DeadLetters deadLetters;
    private final SkippedRecords skipped;
    private final PartitionSettlement settlement;
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
        this.settlement = new PartitionSettlement(deadLetters, skipped);
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

    /**
     * Called by a consumer's thread before it leaves its group.
     * Camel breaks a poll off when the trigger stops, and the records so far are tasks: their offset is committed,
     * because the version of the trigger that comes after may have another workflow for them.
     */
    void leave() {
        List<SourceRecord> records = pending.get();
        if (!records.isEmpty()) {
            settle(records);
        }
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

    /** Takes in records again that were set aside. */
    SetAsideReplay again() {
        return new SetAsideReplay(this::route, deadLetters);
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
        try {
            if (left.get() || !settlement.settle(records)) {
                left.set(true);
                LOG.warn(
                        "the trigger stops before all records up to {} are finished; they come again",
                        records.getLast());
            }
        } finally {
            records.clear();
        }
    }
}
