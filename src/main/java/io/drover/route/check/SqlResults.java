package io.drover.route.check;

import io.drover.guard.SqlText;
import io.drover.guard.SqlUse;
import java.util.ArrayList;
import java.util.List;

/** The results of SQL statements can be bounded while they are read. */
final class SqlResults implements Check {

    @Override
    public void check(RouteSource route, RouteSet routes, Findings findings) {
        List<EndpointUse> endpoints = new ArrayList<>(route.uses());
        if (route.from() != null) {
            endpoints.add(route.from());
        }
        for (EndpointUse use : endpoints) {
            String scheme = use.scheme();
            if (scheme.equals("sql-stored")) {
                findings.add(route, use.line(), SqlUse.STORED);
            } else if (scheme.equals("sql")) {
                EndpointUse.Option output = use.option("outputType");
                if (output != null && output.value().text().equalsIgnoreCase("StreamList")) {
                    findings.add(route, output.line(), SqlUse.STREAM);
                }
                String query = use.value("query").isEmpty() ? use.path() : use.value("query");
                if (SqlText.hasRowsBesideOthers(routes.settings.resolve(query))) {
                    findings.add(route, use.line(), SqlUse.SEVERAL);
                }
            }
        }
        if (route.route() != null) {
            route.route().scalars(text -> {
                if (text.text().equals("CamelSqlDataSource")) {
                    findings.add(route, text.line(), SqlUse.SOURCE);
                }
            });
        }
    }
}
