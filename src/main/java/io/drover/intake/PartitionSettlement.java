package io.drover.intake;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what a poll brought of one partition: each record is durable as tasks or as a dead letter before its offset is committed. */
final class PartitionSettlement {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionSettlement.class);
    private static final long LOOK_SECONDS = 1;

    private final DeadLetters deadLetters;
    private final SkippedRecords skipped;

    PartitionSettlement(DeadLetters deadLetters, SkippedRecords skipped) {
        this.deadLetters = deadLetters;
        this.skipped = skipped;
    }

    /**
     * Waits for the records, and commits the offset after the last of them that is durable with all before it. What is
     * durable does not come again: the process that reads it next may have another workflow for it.
     *
     * @return false when the trigger is stopping and some are not durable; nothing after them may be committed
     */
    boolean settle(List<SourceRecord> records) {
        int durable = records.size();
        try {
            durable = durable(records);
            if (durable > 0) {
                records.get(durable - 1).commitOffset();
            }
        } catch (PartitionHold.LostException e) {
            leave(e.record());
        } catch (RuntimeException e) {
            LOG.warn(
                    "the offset after {} is not committed; its records come again, and are then recognised: {}",
                    records.getLast(),
                    e.getMessage());
        }
        return durable == records.size();
    }

    /** The other consumer reads on from the offset that is committed; this one does if it keeps the partition after all. */
    private static void leave(SourceRecord record) {
        LOG.warn("another consumer has the partition of {} since this one waited; the record is left to it", record);
        OwnedClients.seek(record.topic(), record.partition(), record.offset());
    }

    /** @return how many of the first are; all of them, unless the trigger is stopping */
    private int durable(List<SourceRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            SourceRecord record = records.get(i);
            if (deadLetters.isOwn(record)) {
                continue;
            }
            Throwable cause;
            try {
                cause = failure(record);
            } catch (CancellationException e) {
                return i;
            }
            if (cause != null) {
                if (!deadLetters.send(record, cause)) {
                    return i;
                }
                if (record != records.getLast()) {
                    record.commitOffset(); // else the next failure to commit would send the letter once more
                }
            }
        }
        return records.size();
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
