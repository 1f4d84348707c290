package io.drover.route.check;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A task that a trigger submits has a key, or its event has an identity.
 * Otherwise an event that comes twice would be two tasks.
 */
final class TriggerKeys implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse from = route.from();
        if (from == null || !route.isTrigger() || from.scheme().isEmpty() || EventIdentity.isKnown(from)) {
            return;
        }
        for (EndpointUse use : route.uses()) {
            EndpointUse keyless = keyless(use, routes, new HashSet<>());
            if (keyless != null) {
                findings.add(
                        route,
                        use.line(),
                        ("%s needs a key%s: an event from %s: %s, so an event that comes twice, or to two replicas, would be two tasks;"
                                        + " add parameters: { key: \"...\" }, an expression that names the event, as in ${body[id]}")
                                .formatted(keyless, use == keyless ? "" : " in " + use, from.scheme(), why(from)));
            }
        }
    }

    /** The task without a key that a step submits, itself or in a route that it calls, or null. */
    private static @Nullable EndpointUse keyless(EndpointUse use, RouteSet routes, Set<String> seen) {
        if (use.is("task") && !use.isConsumer() && use.value("key").isBlank()) {
            return use;
        }
        if (!use.is("direct") || !seen.add(use.toString())) {
            return null;
        }
        return routes.routes.stream()
                .filter(other -> other.from() != null && other.from().toString().equals(use.toString()))
                .flatMap(other -> other.uses().stream())
                .map(inner -> keyless(inner, routes, seen))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static String why(EndpointUse from) {
        return EventIdentity.SCHEDULES.contains(from.scheme()) || EventIdentity.INTERVALS.contains(from.scheme())
                ? "that fires a fixed number of times in each process is not tied to an instant of the whole fleet"
                : "has no identity of its own";
    }
}
