package io.drover.route.check;

/** Looks for one kind of problem in one file. */
interface Check {

    void check(RouteSource route, RouteSet routes, Findings findings);
}
