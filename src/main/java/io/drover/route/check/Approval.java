package io.drover.route.check;

import io.drover.guard.GuardProperties;

/**
 * An approval is {@code always}, {@code never} or a predicate over the arguments. A file with another one is loaded all the
 * same, and each of its calls is asked about: were it not, the version before it would still be called.
 */
final class Approval implements Check {

    private final GuardProperties settings;

    Approval(GuardProperties settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        if (!route.isTool()) {
            return;
        }
        EndpointUse.Option said = route.declaration().option("approval");
        Object approval = settings.option(
                route.declaration().path(),
                "approval",
                said == null ? null : routes.settings.resolve(said.value().text()));
        if (approval != null && !isKnown(approval.toString().strip())) {
            findings.add(
                    route,
                    said == null ? route.declaration().line() : said.line(),
                    "approval: '%s' must be always, never or a predicate, as in ${variable.amount} > 100; until then every call is asked about"
                            .formatted(approval));
        }
    }

    private static boolean isKnown(String approval) {
        return approval.equals("always") || approval.equals("never") || approval.contains("${");
    }
}
