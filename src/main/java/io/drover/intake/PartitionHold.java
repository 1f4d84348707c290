package io.drover.intake;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Tells whether the consumer of the calling thread still has the partition of a record.
 * A consumer that does not poll for {@code max.poll.interval.ms}, for example while the database is away, loses its
 * partitions to others without being told.
 * The brokers know, and refuse its commits.
 */
final class PartitionHold {

    private PartitionHold() {}

    /** Another consumer reads the partition, and with it the record. */
    static final class LostException extends RuntimeException {

        private final SourceRecord record;

        private LostException(SourceRecord record, Exception cause) {
            super(cause.getMessage(), cause);
            this.record = record;
        }

        /** The record that is left to the other. */
        SourceRecord record() {
            return record;
        }
    }

    /**
     * Proves it by committing what is before the record, all of which must be durable.
     *
     * @throws LostException when it has not
     */
    static void prove(SourceRecord record) {
        try {
            OwnedClients.commit(record.topic(), record.partition(), record.offset());
        } catch (CommitFailedException | RebalanceInProgressException | FencedInstanceIdException e) {
            throw new LostException(record, e);
        }
    }

    /** Whether it has lost it for all that is known: brokers that do not answer tell nothing. */
    static boolean isLost(SourceRecord record) {
        try {
            prove(record);
            return false;
        } catch (LostException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
