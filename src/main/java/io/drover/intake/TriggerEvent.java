package io.drover.intake;

import io.drover.route.check.EventIdentity;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.jspecify.annotations.Nullable;

/**
 * The event that a trigger received, as it was before the author's first step.
 * It follows the exchange into branches and sub-routes.
 * No step ({@code removeHeaders}, {@code removeProperties}) removes it.
 */
public final class TriggerEvent implements SafeCopyProperty {

    private static final String PROPERTY = "DroverEvent";

    /** The key of one task of the event. */
    public record Key(String owner, String text, String place) {}

    private final String source;
    private final String owner;
    private final @Nullable String identity;
    private final @Nullable String user;
    private final @Nullable String sender;
    private final boolean single;
    private @Nullable Instant at;
    private final Map<String, AtomicInteger> submitted = new ConcurrentHashMap<>();

    private TriggerEvent(
            String source,
            String owner,
            @Nullable String identity,
            @Nullable String user,
            @Nullable String sender,
            boolean single) {
        this.source = source;
        this.owner = owner;
        this.identity = identity;
        this.user = user;
        this.sender = sender;
        this.single = single;
    }

    /**
     * An event that may come again, or to another replica, under the same identity.
     * Without an identity its tasks need a key.
     */
    public static TriggerEvent of(String source, String owner, @Nullable String identity) {
        return new TriggerEvent(source, owner, identity, null, null, false);
    }

    /**
     * A request; without an identity each request is an event of its own.
     *
     * @param user   the owner of the keys that the client names
     * @param sender who sent it, or an empty text
     */
    static TriggerEvent request(String owner, @Nullable String identity, String user, String sender) {
        return new TriggerEvent("http", owner, identity, user, sender.isEmpty() ? null : sender, true);
    }

    public static @Nullable TriggerEvent of(Exchange exchange) {
        return exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, TriggerEvent.class);
    }

    /** The same, which occurred at this instant, as far as its source says. */
    TriggerEvent at(@Nullable Instant instant) {
        at = instant;
        return this;
    }

    /** When it occurred; null where its source does not say, or it is a request. */
    @Nullable
    public Instant at() {
        return at;
    }

    void bindTo(Exchange exchange) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY, this);
    }

    /** The component that it came from. */
    public String source() {
        return source;
    }

    /** The owner of the keys that the client of a request names, or null where there is no client. */
    @Nullable
    public String user() {
        return user;
    }

    /** The user who sent the request, or null where there is none. */
    public @Nullable String sender() {
        return sender;
    }

    /** Whether it is an instant: then the first replica's task counts, even if others submit another input. */
    public boolean isInstant() {
        return EventIdentity.SCHEDULES.contains(source) || EventIdentity.INTERVALS.contains(source);
    }

    /** Whether it cannot have come before: a request that bears no identity is an event of its own. */
    public boolean isNew() {
        return identity == null && single;
    }

    /** Whether its tasks must be given a key. */
    public boolean needsKey() {
        return identity == null && !single;
    }

    /**
     * The key of its next task of a workflow, or null where it needs none. The second one of the same part has another key
     * than the first.
     *
     * @param part of a list or a split, or null
     */
    @Nullable
    public Key next(String workflow, @Nullable Integer part) {
        if (identity == null) {
            return null;
        }
        String suffix = part == null ? "" : "/" + part;
        String place = workflow + suffix;
        int n = submitted.computeIfAbsent(place, p -> new AtomicInteger()).incrementAndGet();
        if (n > 1) {
            suffix += "#" + n;
        }
        return new Key(owner + suffix, identity + suffix, place);
    }

    /** Returns a key whose submission failed, so that the next try gets the same key. */
    public void giveBack(Key key) {
        submitted.computeIfPresent(key.place(), (place, n) -> {
            n.decrementAndGet();
            return n;
        });
    }

    @Override
    public TriggerEvent safeCopy() {
        return this;
    }
}
