package io.drover.egress;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names that were refused lately. Java tells who looks a name up that the host is unknown, also for ten seconds after a
 * refusal, and some clients do not even tell that: Java's own {@code HttpClient} only says that it could not connect.
 */
final class RefusedLookups {

    /** For how long Java remembers that a name is unknown, unless its {@code networkaddress.cache.negative.ttl} is another. */
    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private static final int MOST = 100;

    /** How many are told where it is not known which of them is the cause. */
    private static final int TOLD = 3;

    private static final int MOST_CAUSES = 20;

    private record Refused(String host, String why, long thread, long at) {}

    private final Deque<Refused> latest = new ArrayDeque<>(); // the youngest first

    /** A name was refused to this thread. */
    synchronized void add(String host, String why) {
        latest.addFirst(new Refused(host, why, Thread.currentThread().threadId(), System.nanoTime()));
        if (latest.size() > MOST) {
            latest.removeLast();
        }
    }

    /**
     * What hides behind the failure of a step that has run on this thread.
     *
     * @param who   for the message, as in {@code tool refund}
     * @param since {@link System#nanoTime} before the step
     * @return null where no refusal does
     */
    @Nullable
    IOException behind(Throwable thrown, String who, long since) {
        List<Refused> known = known();
        if (known.isEmpty()) {
            return null;
        }
        boolean unresolved = false;
        Throwable t = thrown;
        for (int i = 0; t != null && i < MOST_CAUSES; i++, t = t.getCause()) {
            if (t instanceof EgressRefusedException || t instanceof UnresolvedHostException) {
                return null; // it says it itself
            }
            if (t instanceof UnknownHostException) {
                Refused refused = first(known, host(t));
                return refused == null ? null : refusal(refused, who, thrown);
            }
            unresolved |= t instanceof UnresolvedAddressException;
        }
        return unresolved ? unresolved(known, who, since, thrown) : null;
    }

    private synchronized List<Refused> known() {
        if (latest.isEmpty()) {
            return List.of();
        }
        long oldest = System.nanoTime() - REMEMBERED.toNanos();
        while (!latest.isEmpty() && latest.getLast().at() < oldest) {
            latest.removeLast();
        }
        return List.copyOf(latest);
    }

    /** Java and clients write the name, and perhaps more behind it. */
    private static String host(Throwable unknown) {
        String message = String.valueOf(unknown.getMessage());
        return Host.of(message.split("[:\\s]", 2)[0]).name();
    }

    private static @Nullable Refused first(List<Refused> known, String host) {
        return known.stream()
                .filter(refused -> refused.host().equals(host))
                .findFirst()
                .orElse(null);
    }

    /** Clients that do not say which host they could not resolve look it up on the thread that calls them, or on another. */
    private static IOException unresolved(List<Refused> known, String who, long since, Throwable thrown) {
        long here = Thread.currentThread().threadId();
        for (Refused refused : known) {
            if (refused.thread() == here && refused.at() - since >= 0) {
                return refusal(refused, who, thrown);
            }
        }
        return new UnresolvedHostException(
                known.stream()
                        .map(refused -> message(who, refused))
                        .distinct()
                        .limit(TOLD)
                        .toList(),
                thrown);
    }

    private static IOException refusal(Refused refused, String who, Throwable thrown) {
        EgressRefusedException refusal = new EgressRefusedException(message(who, refused));
        refusal.initCause(thrown);
        return refusal;
    }

    private static String message(String who, Refused refused) {
        return Egress.message(who, refused.host(), refused.why());
    }
}
