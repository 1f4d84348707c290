package io.drover.camel.validate;

/** A task that a trigger submits has a key, or its event has an identity: else an event that comes twice is two tasks. */
final class TriggerKeys implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse from = route.from();
        if (from == null || !route.isTrigger() || from.scheme().isEmpty() || EventIdentity.isKnown(from)) {
            return;
        }
        for (EndpointUse use : route.uses()) {
            if (use.is("task") && !use.isConsumer() && use.value("key").isBlank()) {
                findings.add(
                        route,
                        use.line(),
                        ("%s needs a key: an event from %s: %s, so one that comes twice, or to two replicas, would be two tasks;"
                                        + " add parameters: { key: \"...\" }, an expression that names the event, as in ${body[id]}")
                                .formatted(use, from.scheme(), why(from)));
            }
        }
    }

    private static String why(EndpointUse from) {
        return EventIdentity.SCHEDULES.contains(from.scheme()) || EventIdentity.INTERVALS.contains(from.scheme())
                ? "that is repeated a number of times in each process is not of an instant for the whole fleet"
                : "has no identity of its own";
    }
}
