package io.drover.telemetry;

import io.drover.route.RouteFiles;
import io.drover.route.RouteFiles.RouteProblem;
import io.drover.route.check.Problem;
import java.util.List;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether every route file that was there at the start has been loaded once.
 * So a rollout of a broken file stops.
 * A file that breaks later is only a detail: it must not take all processes out of their Service.
 * The same holds for a trigger that waits for its workflow.
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
        Health.Builder health = files.areAllLoaded() ? Health.up() : Health.down();
        for (RouteProblem problem : problems) {
            health.withDetail(
                    problem.file() + ":" + problem.line(),
                    problem.message() + (problem.runs() ? " (the version before goes on)" : ""));
        }
        for (Problem warning : files.warnings()) {
            health.withDetail(warning.file() + ":" + warning.line() + " (warning)", warning.message());
        }
        return health.build();
    }
}
