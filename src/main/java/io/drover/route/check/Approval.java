package io.drover.route.check;

import io.drover.guard.GuardProperties;

/**
 * No tool may need an approval, because calls cannot be approved yet. The file is loaded all the same, so that its
 * calls are refused: were it not, the version before it would still be called, without approval.
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
        String problem = approval == null
                ? null
                : GuardProperties.unapproved(route.declaration().path(), approval.toString());
        if (problem != null) {
            findings.add(route, said == null ? route.declaration().line() : said.line(), "approval: " + problem);
        }
    }
}
