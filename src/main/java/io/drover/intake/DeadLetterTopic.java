package io.drover.intake;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * One dead letter topic. It tells what will not take a letter, however often it is sent (too large, forbidden, missing),
 * from what passes: while no broker answers the trigger cannot read either, so waiting holds nothing up.
 */
final class DeadLetterTopic {

    /** It takes no letters now; the message says why. */
    static final class RefusedException extends Exception {

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * How long what may pass is waited for.
     *
     * @param untilMade   a topic is made within that, where brokers make topics by themselves
     * @param untilBack   a broker restarts within that; it is less than a consumer may keep a poll
     * @param lookedAgain between two looks at a topic
     * @param believed    for how long a refusal stands for the letters that follow
     */
    record Patience(Duration untilMade, Duration untilBack, Duration lookedAgain, Duration believed) {

        static final Patience USUAL = new Patience(
                Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    private static final int WAIT_SECONDS = 2;

    /** The producer is as good as before after these. */
    private static final List<Class<? extends ApiException>> OF_THE_LETTER =
            List.of(RecordTooLargeException.class, InvalidTopicException.class, TopicAuthorizationException.class);

    /** Another producer may do better after these. */
    private static final List<Class<? extends ApiException>> OF_THE_PRODUCER = List.of(
            AuthenticationException.class,
            OutOfOrderSequenceException.class,
            ProducerFencedException.class,
            InvalidProducerEpochException.class,
            InvalidPidMappingException.class);

    private final String name;
    private final DeadLetterClient client;
    private final TopicOutage outage;

    DeadLetterTopic(String name, DeadLetterClient client, Patience patience) {
        this.name = name;
        this.client = client;
        this.outage = new TopicOutage(name, client, patience);
    }

    /**
     * Sends a letter, and waits while brokers are away.
     *
     * @param stop whether to wait no longer
     * @return whether it is kept; if not, it may be when it is sent again
     * @throws RefusedException when it is not, and will not be
     */
    boolean send(ProducerRecord<byte[], byte[]> letter, BooleanSupplier stop) throws RefusedException {
        try {
            while (!client.begin(WAIT_SECONDS)) { // one letter at a time: closing the producer would drop another's
                if (stop.getAsBoolean()) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            return sendNext(letter, stop);
        } finally {
            client.end();
        }
    }

    private boolean sendNext(ProducerRecord<byte[], byte[]> letter, BooleanSupplier stop) throws RefusedException {
        outage.refuseAsBefore();
        try {
            Topic.validate(name); // the client would ask for one with a wrong name again and again
            if (isKept(client.send(letter), stop)) {
                outage.ended();
                return true;
            }
        } catch (ExecutionException e) {
            failed(Objects.requireNonNull(e.getCause(), "a future says why it failed"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // as where no producer can be made, because no broker's name resolves
            failed(e);
        }
        return false;
    }

    private boolean isKept(Future<?> sent, BooleanSupplier stop)
            throws ExecutionException, InterruptedException, RefusedException {
        try {
            while (!stop.getAsBoolean()) {
                if (isSent(sent)) {
                    return true;
                }
                outage.lasts("no answer yet");
            }
            client.close(Duration.ZERO);
            return false;
        } catch (InterruptedException | RefusedException e) {
            client.close(Duration.ZERO); // it would send the letter later
            throw e;
        }
    }

    private static boolean isSent(Future<?> sent) throws ExecutionException, InterruptedException {
        try {
            sent.get(WAIT_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private void failed(Throwable failure) throws RefusedException {
        ApiException refused = permanent(failure);
        if (refused == null || OF_THE_LETTER.stream().noneMatch(type -> type.isInstance(refused))) {
            client.close(Duration.ZERO); // after some failures a producer does nothing more
        }
        if (refused != null && OF_THE_PRODUCER.stream().noneMatch(type -> type.isInstance(refused))) {
            outage.isNone();
            throw new RefusedException(String.valueOf(refused.getMessage()));
        }
        try {
            outage.lasts(failure.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable ApiException permanent(Throwable failure) {
        for (Throwable cause : ObjectHelper.createExceptionIterable(failure)) {
            if (cause instanceof RetriableException) {
                return null;
            }
            if (cause instanceof ApiException refused) {
                return refused;
            }
        }
        return null;
    }
}
