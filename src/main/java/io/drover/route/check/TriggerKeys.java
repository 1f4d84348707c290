package io.drover.route.check;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A task that a trigger submits has a key, and a signal that it sends an id, or its event has an identity.
 * Otherwise an event that comes twice would be two tasks or two signals.
 */
final class TriggerKeys implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse from = route.from();
        if (from == null || !route.isTrigger() || from.scheme().isEmpty() || EventIdentity.isKnown(from)) {
            return;
        }
        for (EndpointUse use : route.uses()) {
            EndpointUse found = nameless(use, routes, new HashSet<>());
            if (found != null) {
                Needed needed = Objects.requireNonNull(needed(found));
                findings.add(
                        route,
                        use.line(),
                        ("%s needs %s%s: an event from %s: %s, so an event that comes twice, or to two replicas, would be two %s;"
                                        + " add parameters: { %s: \"...\" }, an expression that names the event, as in ${body[id]}")
                                .formatted(
                                        found,
                                        needed.one(),
                                        use == found ? "" : " in " + use,
                                        from.scheme(),
                                        why(from),
                                        needed.many(),
                                        needed.option()));
            }
        }
    }

    /** What tells the tasks, or the signals, of two events apart. */
    private record Needed(String option, String one, String many) {}

    private static @Nullable Needed needed(EndpointUse use) {
        if (use.isConsumer()) {
            return null;
        }
        return switch (use.scheme()) {
            case "task" -> new Needed("key", "a key", "tasks");
            case "signal" -> new Needed("id", "an id", "signals");
            default -> null;
        };
    }

    /** The task without a key, or the signal without an id, that a step sends itself or in a route that it calls, or null. */
    private static @Nullable EndpointUse nameless(EndpointUse use, RouteSet routes, Set<String> seen) {
        Needed needed = needed(use);
        if (needed != null && use.value(needed.option()).isBlank()) {
            return use;
        }
        if (!use.is("direct") || !seen.add(use.toString())) {
            return null;
        }
        return routes.routes.stream()
                .filter(other -> other.from() != null && other.from().toString().equals(use.toString()))
                .flatMap(other -> other.uses().stream())
                .map(inner -> nameless(inner, routes, seen))
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
