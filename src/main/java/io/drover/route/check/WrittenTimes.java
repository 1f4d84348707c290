package io.drover.route.check;

import io.drover.start.BareTimes;
import java.util.Set;
import org.apache.camel.tooling.model.ComponentModel;
import org.jspecify.annotations.Nullable;

/**
 * The times of our options have a unit, or are not small.
 * Only {@code validate} says so: the file loads, and means what Camel reads.
 */
final class WrittenTimes implements Check {

    /** Times that may also be computed, so their type is text. */
    private static final Set<String> OF_WAIT = Set.of("duration", "timeout");

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        check(route, route.from(), routes, findings);
        route.uses().forEach(use -> check(route, use, routes, findings));
    }

    private static void check(RouteSource route, @Nullable EndpointUse use, RouteSet routes, Findings findings) {
        if (use == null || !Components.OURS.contains(use.scheme())) {
            return;
        }
        for (EndpointUse.Option option : use.options()) {
            String time = routes.settings.resolve(option.value().text()).strip();
            if (BareTimes.isOne(time) && isTime(use.scheme(), option.name())) {
                findings.add(route, option.line(), BareTimes.problem(option.name(), time));
            }
        }
    }

    private static boolean isTime(String component, String option) {
        ComponentModel model = Components.CATALOG.componentModel(component);
        return component.equals("wait") && OF_WAIT.contains(option)
                || model.getEndpointOptions().stream()
                        .anyMatch(known -> known.getName().equals(option)
                                && known.getType().equals("duration"));
    }
}
