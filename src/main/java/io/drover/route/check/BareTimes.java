package io.drover.route.check;

import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.tooling.model.ComponentModel;
import org.jspecify.annotations.Nullable;

/**
 * A small number without a unit is hardly meant as milliseconds, which it is for Camel and Spring Boot alike.
 * Only {@code validate} says so: the file loads, and means what they say.
 */
final class BareTimes implements Check {

    /** Below a second. */
    private static final Pattern SMALL = Pattern.compile("\\+?0*[1-9]\\d{0,2}");

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
            if (SMALL.matcher(time).matches() && isTime(use.scheme(), option.name())) {
                findings.add(
                        route,
                        option.line(),
                        "%s (%s) has no unit, so it is in milliseconds; write %ss for seconds, or %sms"
                                .formatted(option.name(), time, time, time));
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
