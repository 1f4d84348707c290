package io.drover.journal;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a live task has heard, for the shadow that mirrors it. Where the shadow makes an equal call, it has the address that the call
 * has in the live task, and so the result; any other call is the shadow's own.
 */
public final class Mirror {

    private final UUID shadow;
    private final UUID live;
    private final Addresses addresses;
    private final Map<UUID, CallRecord> calls;

    /** @param calls all calls of the live task; a shadow is told how those ended that are not open */
    public static Mirror of(UUID shadow, UUID live, Addresses addresses, Collection<CallRecord> calls) {
        return new Mirror(
                shadow, live, addresses, calls.stream().filter(Mirror::isHeard).toList());
    }

    private static boolean isHeard(CallRecord call) {
        return switch (call.state()) {
            case SUCCEEDED, REJECTED, FAILED -> true;
            case STARTED, IN_DOUBT, AGAIN, PENDING, FORGOTTEN -> false;
        };
    }

    /** @param calls of the live task that have ended */
    Mirror(UUID shadow, UUID live, Addresses addresses, Collection<CallRecord> calls) {
        this.shadow = shadow;
        this.live = live;
        this.addresses = addresses;
        this.calls = calls.stream().collect(Collectors.toMap(CallRecord::address, Function.identity()));
    }

    /** The id of the live task. */
    UUID live() {
        return live;
    }

    /** What the live task recorded under the address, or null. */
    @Nullable
    CallRecord call(UUID address) {
        return calls.get(address);
    }

    /** What such a call, or such a run of an agent, is known by in the live task; null where the caller is none of the task's own. */
    @Nullable
    UUID address(UUID caller, String tool, String canonicalArguments, int occurrence) {
        return caller.equals(shadow)
                ? addresses.of(live.toString(), tool, canonicalArguments, Integer.toString(occurrence))
                : null;
    }
}
