package io.drover.route.check;

import io.drover.guard.GuardProperties;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An approval is {@code always}, {@code never} or a predicate over the arguments. A file with another one is loaded all the
 * same, and each of its calls is asked about: were it not, the version before it would still be called.
 */
final class Approval implements Check {

    /** The tools that Drover calls by itself, and why they must not wait for people. */
    private static final Map<String, String> NEED_NONE = Map.of(
            "reconcile", "it could not say what became of a call",
            "remind", "the reminder would wait itself",
            "escalate", "the escalation would wait itself");

    private final GuardProperties settings;

    Approval(GuardProperties settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isTool()) {
            return;
        }
        NEED_NONE.forEach((option, why) -> needsNone(option, why, route, routes, findings));
        EndpointUse.Option said = route.declaration().option("approval");
        Object approval = inForce(route, routes);
        if (approval != null && !isKnown(approval.toString().strip())) {
            findings.add(
                    route,
                    said == null ? route.declaration().line() : said.line(),
                    "approval: '%s' must be always, never or a predicate, as in ${variable.amount} > 100; until then every call is asked about"
                            .formatted(approval));
        }
    }

    private @Nullable Object inForce(RouteSource tool, RouteSet routes) {
        EndpointUse.Option said = tool.declaration().option("approval");
        return settings.option(
                tool.declaration().path(),
                "approval",
                said == null ? null : routes.settings.resolve(said.value().text()));
    }

    private void needsNone(String option, String why, RouteSource route, RouteSet routes, Findings findings) {
        EndpointUse.Option named = route.declaration().option(option);
        if (named == null) {
            return;
        }
        String name = routes.settings.resolve(named.value().text()).replaceFirst("^tool:", "");
        RouteSource other = routes.toolFile(name);
        Object approval = other == null ? null : inForce(other, routes);
        if (approval != null && !approval.toString().strip().equals(io.drover.tool.Approval.NEVER)) {
            findings.add(
                    route,
                    named.line(),
                    "%s: tool:%s needs an approval itself, so %s; name a tool without an approval"
                            .formatted(option, name, why));
        }
    }

    private static boolean isKnown(String approval) {
        return approval.equals("always") || approval.equals("never") || approval.contains("${");
    }
}
