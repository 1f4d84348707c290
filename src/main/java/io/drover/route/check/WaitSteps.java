package io.drover.route.check;

import org.jspecify.annotations.Nullable;

/** The steps {@code wait:} and {@code signal:} have what they need: the load would refuse them. */
final class WaitSteps implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        for (EndpointUse use : route.uses()) {
            if (use.isConsumer() || use.isDynamic()) {
                continue;
            }
            if (use.is("wait")) {
                WaitRules.Wait wait = new WaitRules.Wait(
                        said(use, "name", routes),
                        said(use, "key", routes),
                        said(use, "timeout", routes),
                        said(use, "duration", routes),
                        said(use, "until", routes));
                WaitRules.problems(routes.settings.resolve(use.path()), wait)
                        .forEach(problem -> findings.add(route, use.line(), problem));
            } else if (use.is("signal")) {
                WaitRules.ofSignal(routes.settings.resolve(use.path()), said(use, "key", routes))
                        .forEach(problem -> findings.add(route, use.line(), problem));
            }
        }
    }

    private static @Nullable String said(EndpointUse use, String name, RouteSet routes) {
        EndpointUse.Option option = use.option(name);
        return option == null ? null : routes.settings.resolve(option.value().text());
    }
}
