package io.drover.start;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All listeners to one kind of event, in the order of their beans.
 * If a listener throws, even an Error, this is logged; neither the other listeners nor the work that they observe are
 * affected.
 * A listener runs on the thread of that work, so it must return quickly.
 *
 * @param <T> what a listener implements
 */
public final class Listeners<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** A listener that breaks on every call would fill the log. */
    private static final long REPORT_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final List<Member<T>> members;

    /** @param listeners none, one or many */
    public Listeners(List<T> listeners) {
        this.members = listeners.stream().map(Member::new).toList();
    }

    /** Tells each listener once; nothing is thrown. */
    public void each(Consumer<? super T> call) {
        for (Member<T> member : members) {
            try {
                call.accept(member.listener);
            } catch (Throwable e) {
                member.report(e);
            }
        }
    }

    private static final class Member<T> {

        private final T listener;
        private final AtomicLong nextReport = new AtomicLong(System.nanoTime());

        Member(T listener) {
            this.listener = listener;
        }

        private void report(Throwable thrown) {
            try {
                long now = System.nanoTime();
                long due = nextReport.get();
                if (now - due >= 0 && nextReport.compareAndSet(due, now + REPORT_EVERY_NANOS)) {
                    LOG.error(
                            "listener {} failed; what it hears of continues, and its failures of the next minute are"
                                    + " logged at DEBUG",
                            listener.getClass().getName(),
                            thrown);
                } else {
                    LOG.debug("listener {} failed again", listener.getClass().getName(), thrown);
                }
            } catch (Throwable unsaid) { // there may be no memory for a line of the log
                nextReport.set(System.nanoTime()); // so the next failure is reported in its place
            }
        }
    }
}
