package io.drover.telemetry;

import io.drover.camel.RouteFiles;
import io.drover.camel.RouteFiles.RouteProblem;
import java.util.List;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether the route files are in force. One that never was makes this process unready; a broken edit of one that runs
 * does not, because the version before goes on, nor does a trigger that waits for its workflow.
 */
@Component("routesHealthIndicator")
class RoutesHealth implements HealthIndicator {

    private final RouteFiles files;

    RoutesHealth(RouteFiles files) {
        this.files = files;
    }

    @Override
    public Health health() {
        if (!files.isRunning()) {
            return Health.down()
                    .withDetail("reason", "the routes are not loaded yet")
                    .build();
        }
        List<RouteProblem> problems = files.problems();
        boolean missing = problems.stream().anyMatch(problem -> !problem.runs() && !problem.waits());
        Health.Builder health = missing ? Health.down() : Health.up();
        for (RouteProblem problem : problems) {
            health.withDetail(
                    problem.file() + ":" + problem.line(),
                    problem.message() + (problem.runs() ? " (the version before goes on)" : ""));
        }
        return health.build();
    }
}
