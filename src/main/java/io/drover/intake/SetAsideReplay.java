package io.drover.intake;

import static java.util.Objects.requireNonNullElse;

import io.drover.journal.SetAside;
import io.drover.json.Excerpt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Takes in records that were set aside, under the identity that each has by its position. */
final class SetAsideReplay {

    private static final long ANSWER_SECONDS = 20;
    private static final int LONGEST_REASON = 1000;

    private final BiConsumer<SourceRecord, Exchange> route;
    private final DeadLetters deadLetters;

    /** @param route runs the trigger's steps for a record, and marks the record if they fail */
    SetAsideReplay(BiConsumer<SourceRecord, Exchange> route, DeadLetters deadLetters) {
        this.route = route;
        this.deadLetters = deadLetters;
    }

    private interface Work {
        @Nullable
        String of(SourceRecord record, Exchange exchange) throws InterruptedException;
    }

    /**
     * Submits the record's tasks. A second time adds nothing.
     *
     * @return null when its tasks are durable, else why it became none
     */
    @Nullable
    String submit(Consumer consumer, SetAside.Position position, SetAside.Content content) {
        return again(consumer, position, content, (record, exchange) -> {
            route.accept(record, exchange);
            Throwable failed = record.failed();
            if (failed != null) {
                return reason(failed);
            }
            try {
                record.submitted().get(ANSWER_SECONDS, TimeUnit.SECONDS);
                return null;
            } catch (TimeoutException e) {
                return "the database does not answer; replay it again";
            } catch (ExecutionException e) {
                return reason(requireNonNullElse(e.getCause(), e));
            }
        });
    }

    /**
     * Sends the record to its dead letter topic.
     *
     * @return null when it is there, else why not
     */
    @Nullable
    String deadLetter(Consumer consumer, SetAside.Position position, SetAside.Content content, SetAside.Why why) {
        return again(consumer, position, content, (record, exchange) -> deadLetters.sendAgain(record, why));
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

    private static String reason(Throwable thrown) {
        return Excerpt.of(String.valueOf(thrown.getMessage()), LONGEST_REASON);
    }
}
